import { Controller, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiProperty, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Describe } from '../http/describe';
import { PARSER_ERRORS } from '../http/request-errors';
import { NoSession, SessionOver } from './sessions.errors';
import { AuthService } from './auth.service';
import { Public } from '../auth/public.decorator';
import { deleteRefreshCookie, refreshTokenOf } from './refresh-cookie';

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

  @Post('refresh')
  @HttpCode(200)
  @Describe({
    summary: 'Tells that there is no session to refresh',
    description:
      'The web client asks this when an access token is refused. A guest has no session, so the answer is that it is over; ' +
      'the cookie is deleted.',
    errors: [...PARSER_ERRORS, NoSession, SessionOver],
  })
  refresh(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): never {
    deleteRefreshCookie(reply);
    throw refreshTokenOf(request) === undefined ? new NoSession() : new SessionOver();
  }

  @Post('logout')
  @HttpCode(200)
  @Describe({
    summary: 'Logs out',
    description: 'Deletes the refresh cookie. A guest has none.',
    success: { status: 200, description: 'logged out', headers: { 'Set-Cookie': 'deletes the cookie' } },
    errors: [...PARSER_ERRORS, NoSession],
  })
  logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    deleteRefreshCookie(reply);
    if (refreshTokenOf(request) === undefined) throw new NoSession();
  }
}
