import { ApiProperty } from '@nestjs/swagger';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { IsTextOf } from '../../http/validation';

const ACCOUNT = { min: 1, max: LIMITS.adminAccount.max * 2 } as const;
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
