import { ApiProperty } from '@nestjs/swagger';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { IsTextOf } from '../../http/validation';

/** The longest account that can have been made has 100 code points, of two UTF-16 units each. */
const ACCOUNT = { min: 1, max: 200 } as const;
const PASSWORD = { min: 1, max: LIMITS.adminPassword.max } as const;

export class AdminLoginDto {
  @ApiProperty({ minLength: ACCOUNT.min, maxLength: ACCOUNT.max, description: 'account', example: 'root' })
  @IsTextOf(ACCOUNT, InvalidRequest)
  readonly account: string;

  @ApiProperty({
    minLength: PASSWORD.min,
    maxLength: PASSWORD.max,
    description: 'password, as it was typed',
    format: 'password',
    example: 'correct horse battery staple',
  })
  @IsTextOf(PASSWORD, InvalidRequest)
  readonly password: string;
}
