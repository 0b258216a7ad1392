import { ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsOptional } from 'class-validator';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { PageNumber, PageSize } from '../../http/offset-page';
import { fieldRule } from '../../http/validation';
import { LOGIN_TYPES } from '../../members/dto/member.dto';

const { size, page } = LIMITS.adminPage;

export class ListQueryDto {
  @PageNumber(page)
  readonly page: number = page.min;

  @PageSize(size)
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
    return typeof value === 'string' && (value === '' || LOGIN_TYPES.some((type) => type === value));
  })
  readonly loginType?: string;
}
