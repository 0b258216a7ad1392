import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, TolerantNumber } from '../../http/validation';

const { size, page } = LIMITS.adminPage;
const LOGIN_TYPES = ['guest', 'google', 'kakao', 'naver'];

export class ListQueryDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: page.min,
    maximum: page.max,
    default: page.min,
    description: 'counted from 0; behind the last one there is nothing. What is none is 0',
    example: 0,
  })
  @TolerantNumber(page, page.min)
  readonly page: number = page.min;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: size.min,
    maximum: size.max,
    default: size.default,
    description: 'rows of one page; a larger number is taken for the largest, anything else for the default',
    example: 10,
  })
  @TolerantNumber(size, size.default)
  readonly size: number = size.default;
}

export class MemberListQueryDto extends ListQueryDto {
  @ApiPropertyOptional({
    enum: LOGIN_TYPES,
    description: 'members of this kind only, in capital or small letters; none or empty: all of them',
    example: 'google',
  })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @fieldRule('isLoginType', `must be one of ${LOGIN_TYPES.join(', ')}`, InvalidRequest, (value) => {
    return typeof value === 'string' && (value === '' || LOGIN_TYPES.includes(value));
  })
  readonly loginType?: string;
}
