import { Controller, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { PARSER_ERRORS } from '../http/request-errors';
import { Limited } from '../throttling/limited.decorator';
import { TooManyRequests } from '../throttling/throttling.errors';
import { AuthService } from './auth.service';
import { AccessTokenDto } from './dto/access-token.dto';
import { deleteRefreshCookie, ShownRefreshToken, setRefreshCookie } from './refresh-cookie';
import { NoSession, SessionOver } from './sessions.errors';

const NO_STORE = { 'Cache-Control': 'no-store' };

@ApiTags('auth')
@Public()
@Controller('api/v2/auth')
export class AuthController {
  constructor(private readonly auth: AuthService) {}

  @Post('guest')
  @HttpCode(200)
  @Limited('guestLogin')
  @Describe({
    summary: 'Logs in as a guest',
    description:
      'Makes a new member without an account. No body; an Authorization header is ignored. A member who used this ' +
      'device before is logged out on it.',
    success: {
      status: 200,
      description: 'the access token of the new guest',
      type: AccessTokenDto,
      headers: { ...NO_STORE, 'Set-Cookie': 'deletes the refresh cookie, if one came along' },
    },
    errors: [...PARSER_ERRORS, TooManyRequests],
  })
  async guest(
    @ShownRefreshToken() shown: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessTokenDto> {
    const accessToken = await this.auth.loginAsGuest(shown);
    if (shown !== undefined) deleteRefreshCookie(reply);
    return { accessToken };
  }

  @Post('refresh')
  @HttpCode(200)
  @Describe({
    summary: 'Exchanges the refresh cookie for a new access token',
    description:
      'No body; an Authorization header is ignored. Each refresh token is replaced by its use. Used again within 10 ' +
      'seconds (several tabs, a lost answer) it gets the newest one; used again later, somebody has a copy: the login ' +
      'ends, its access tokens too. When the session is over the cookie is deleted.',
    success: {
      status: 200,
      description: 'a new access token',
      type: AccessTokenDto,
      headers: { ...NO_STORE, 'Set-Cookie': 'the next refresh token' },
    },
    errors: [...PARSER_ERRORS, NoSession, SessionOver, TooManyRequests],
  })
  async refresh(
    @ShownRefreshToken() shown: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessTokenDto> {
    const opened = await this.auth.refresh(shown).catch((error: unknown) => {
      if (error instanceof SessionOver || error instanceof NoSession) deleteRefreshCookie(reply);
      throw error;
    });
    setRefreshCookie(reply, opened);
    return { accessToken: opened.accessToken };
  }

  @Post('logout')
  @HttpCode(200)
  @Describe({
    summary: 'Logs out on this device',
    description:
      'Ends the login of the refresh cookie with its access tokens, and deletes the cookie. A guest has none.',
    success: {
      status: 200,
      description: 'logged out',
      headers: { ...NO_STORE, 'Set-Cookie': 'deletes the refresh cookie' },
    },
    errors: [...PARSER_ERRORS, NoSession],
  })
  async logout(
    @ShownRefreshToken() shown: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    // First of all: whoever wants to be logged out shall not stay so because the database is away.
    deleteRefreshCookie(reply);
    await this.auth.logout(shown);
  }
}
