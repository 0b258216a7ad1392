import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, IsWholeNumber } from '../../http/validation';

const { size, page } = LIMITS.adminPage;
const LOGIN_TYPES = ['guest', 'google', 'kakao', 'naver'];

export class ListQueryDto {
  @ApiPropertyOptional({
    type: 'integer',
    minimum: page.min,
    maximum: page.max,
    default: page.min,
    description: 'page, counted from 0; behind the last one there is nothing',
    example: 0,
  })
  @IsOptional()
  @IsWholeNumber(page)
  readonly page: number = page.min;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: size.min,
    maximum: size.max,
    default: size.default,
    description: 'rows of one page',
    example: 10,
  })
  @IsOptional()
  @IsWholeNumber(size)
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
