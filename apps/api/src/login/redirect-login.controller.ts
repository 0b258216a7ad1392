import { Controller, Get, Headers, HttpCode, Req, Res } from '@nestjs/common';
import { ApiQuery, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { LIMITS } from '../http/limits';
import { CheckedQuery } from '../http/validation';
import { InvalidRequest } from '../http/field-error';
import { browserOf, knownBrowserOf, setBrowserCookie } from '../oauth/browser-cookie';
import { LoginStateInvalid, ReturnNotListed, UnknownProvider } from '../oauth/oauth.errors';
import { OAuthService } from '../oauth/oauth.service';
import { ApiProvider, PathProvider } from '../oauth/path-provider';
import type { Provider } from '../oauth/provider-profile';
import { setRefreshCookie, ShownRefreshToken } from '../sessions/refresh-cookie';
import { Limited } from '../throttling/limited.decorator';
import { TooManyRequests } from '../throttling/throttling.errors';
import { BeginLoginQuery } from './dto/login.dto';
import { LoginService } from './login.service';

@ApiTags('auth')
@Public()
@Controller('api/v2/auth/oauth')
export class RedirectLoginController {
  constructor(
    private readonly oauth: OAuthService,
    private readonly login: LoginService,
  ) {}

  @Get(':provider')
  @HttpCode(302)
  @Limited('login')
  @ApiProvider()
  @Describe({
    summary: 'Begins a login by redirects',
    description:
      'A browser opens this. It is sent to the provider, from there to the callback, and at last to `returnTo`, where ' +
      '`POST /api/v2/auth/refresh` gives the access token. The whole way may take ten minutes, once, in one browser.',
    success: {
      status: 302,
      description: 'on to the provider',
      headers: { Location: "the provider's page", 'Set-Cookie': "the browser's name" },
    },
    errors: [UnknownProvider, ReturnNotListed, InvalidRequest, TooManyRequests],
  })
  async begin(
    @PathProvider() provider: Provider,
    @CheckedQuery() { returnTo }: BeginLoginQuery,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const browser = browserOf(request);
    const location = await this.oauth.begin({ provider, returnTo, browser });
    setBrowserCookie(reply, browser);
    void reply.header('Location', location);
  }

  @Get(':provider/callback')
  @HttpCode(302)
  @ApiProvider()
  @ApiQuery({
    name: 'state',
    description: 'what the login began with',
    schema: {
      type: 'string',
      pattern: '^[\\w-]{43}$',
      example: 'V0q6fM1tC3mWbXw2nQ9yJr8sLk5pZ7aE4uHdGiTxOoY',
    },
  })
  @ApiQuery({
    name: 'code',
    description: 'what the provider gives for who logged in; `error` stands in its place when it gives none',
    required: false,
    schema: {
      type: 'string',
      minLength: LIMITS.providerCode.min,
      maxLength: LIMITS.providerCode.max,
      example: '4/0AbCd',
    },
  })
  @Describe({
    summary: 'Ends a login by redirects',
    description:
      'The provider sends the browser here. No token is in any address. What goes wrong once the login is recognised is told ' +
      'to the page: `?error=<code>` with a code of /api/v2/error-code, such as 1406 or 1413. With 1410 `confirmation` and ' +
      '`choices` stand in the fragment (`#`).',
    success: {
      status: 302,
      description: 'back to `returnTo`',
      headers: { Location: '`returnTo`, with `error` if it failed', 'Set-Cookie': 'the refresh token' },
    },
    errors: [UnknownProvider, LoginStateInvalid],
  })
  async comeBack(
    @PathProvider() provider: Provider,
    @Req() request: FastifyRequest,
    @ShownRefreshToken() shown: string | undefined,
    @Headers('user-agent') name: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const query = request.url.slice(request.url.indexOf('?') + 1 || request.url.length);
    const from = { provider, query, browser: knownBrowserOf(request) };
    const { location, session, failureCode } = await this.login.comeBack(from, { name, shown });
    if (session !== undefined) setRefreshCookie(reply, session);
    request.failureCode = failureCode;
    void reply.header('Location', location);
  }
}
