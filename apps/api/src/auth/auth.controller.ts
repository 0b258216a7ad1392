import { Controller, HttpCode, Post } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import { Describe } from '../http/describe';
import { PARSER_ERRORS } from '../http/request-errors';
import { AuthService } from './auth.service';
import { Public } from './public.decorator';

export class AccessTokenDto {
  @ApiProperty({
    description:
      'sent back as `Authorization: Bearer …`; opaque to clients; lives 30 days for guests by default',
    example: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.c2lnbmF0dXJl',
  })
  readonly accessToken: string;
}

@ApiTags('auth')
@Public()
@Controller('api/v2/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('guest')
  @HttpCode(200)
  @Describe({
    summary: 'Logs in as a guest',
    description: 'Makes a new member without an account. No body; an Authorization header is ignored.',
    success: { status: 200, description: 'the access token of the new guest', type: AccessTokenDto },
    errors: PARSER_ERRORS,
  })
  async guest(): Promise<AccessTokenDto> {
    return { accessToken: await this.auth.loginAsGuest() };
  }
}
