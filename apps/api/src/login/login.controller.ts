import { Controller, Headers, HttpCode, Post, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import { ProviderFailed, UnknownProvider } from '../oauth/oauth.errors';
import { AccessTokenDto } from '../sessions/dto/access-token.dto';
import { setRefreshCookie, ShownRefreshToken } from '../sessions/refresh-cookie';
import { Limited } from '../throttling/limited.decorator';
import { TooManyRequests } from '../throttling/throttling.errors';
import { LoginDto } from './dto/login.dto';
import { LoginService } from './login.service';

@ApiTags('auth')
@Public()
@Controller('api/v2/auth')
export class LoginController {
  constructor(private readonly login: LoginService) {}

  @Post('login')
  @HttpCode(200)
  @Limited('login')
  @Describe({
    summary: 'Logs in by the code of a login provider',
    description:
      'As the web client does it: the provider sent the browser to the page of `OAUTH_…_REDIRECT_URI` with a code. Whoever ' +
      'comes for the first time becomes a member. An Authorization header is ignored: a guest is never linked by this; ' +
      'see `POST /api/v2/me/identities`. A login that this device had before ends.',
    success: {
      status: 200,
      description: 'the access token of the member',
      type: AccessTokenDto,
      headers: { 'Cache-Control': 'no-store', 'Set-Cookie': 'the refresh token' },
    },
    errors: [UnknownProvider, ...REQUEST_BODY_ERRORS, ProviderFailed, TooManyRequests],
  })
  async logIn(
    @CheckedBody() { oauthProvider, code }: LoginDto,
    @ShownRefreshToken() shown: string | undefined,
    @Headers('user-agent') name: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessTokenDto> {
    const session = await this.login.logIn(oauthProvider, code, { name, shown });
    setRefreshCookie(reply, session);
    return { accessToken: session.accessToken };
  }
}
