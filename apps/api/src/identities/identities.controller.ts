import { Controller, Get, Headers, HttpCode, Post, Req, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CallerId, TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { LooksUpCaller } from '../auth/looks-up-caller.decorator';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import { MemberNotFound } from '../members/members.errors';
import { browserOf, setBrowserCookie } from '../oauth/browser-cookie';
import { ProviderFailed, ReturnNotListed, UnknownProvider } from '../oauth/oauth.errors';
import { OAuthService } from '../oauth/oauth.service';
import { ApiProvider, PathProvider } from '../oauth/path-provider';
import type { Provider } from '../oauth/provider-profile';
import { AccessTokenDto } from '../sessions/dto/access-token.dto';
import { setRefreshCookie } from '../sessions/refresh-cookie';
import { Limited } from '../throttling/limited.decorator';
import { TooManyRequests } from '../throttling/throttling.errors';
import { ClaimsService } from './claims.service';
import {
  AuthorizeUrlDto,
  ConfirmDto,
  IdentitiesDto,
  LinkIdentityDto,
  StartLinkingDto,
} from './dto/identity.dto';
import { ConfirmationOver, IdentityTaken, ProviderLinkedAlready } from './identities.errors';
import { IdentitiesService } from './identities.service';

const LOGGED_IN = {
  type: AccessTokenDto,
  headers: { 'Cache-Control': 'no-store', 'Set-Cookie': 'the refresh token' },
} as const;

@ApiTags('identities')
@Controller('api/v2/me/identities')
export class IdentitiesController {
  constructor(
    private readonly identities: IdentitiesService,
    private readonly claims: ClaimsService,
    private readonly oauth: OAuthService,
  ) {}

  @Get()
  @DescribeForMember({
    summary: 'Lists by which providers the caller logs in',
    success: { status: 200, description: 'none for a guest', type: IdentitiesDto },
  })
  async list(@CallerId() callerId: number): Promise<IdentitiesDto> {
    return { identities: await this.identities.list(callerId) };
  }

  @Post()
  @HttpCode(200)
  @Limited('login')
  @DescribeForMember({
    summary: 'Lets the caller log in by a provider from now on',
    description:
      'A guest becomes a full member by it and keeps its id and everything it has; its earlier tokens end. A full member ' +
      'gets one more way in. What is linked to the caller already is answered the same.',
    success: { status: 200, description: 'the access token of the caller as a member', ...LOGGED_IN },
    errors: [
      UnknownProvider,
      ...REQUEST_BODY_ERRORS,
      ProviderFailed,
      IdentityTaken,
      ProviderLinkedAlready,
      MemberNotFound,
      TooManyRequests,
    ],
  })
  async link(
    @TheCaller() { memberId, sessionId }: Caller,
    @CheckedBody() { oauthProvider, code }: LinkIdentityDto,
    @Headers('user-agent') name: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessTokenDto> {
    const profile = await this.oauth.profileOfCode(oauthProvider, code);
    const session = await this.identities.link(memberId, profile, { name, sessionId });
    setRefreshCookie(reply, session);
    return { accessToken: session.accessToken };
  }

  @Post('confirm')
  @HttpCode(200)
  @LooksUpCaller()
  @DescribeForMember({
    summary: 'Chooses what to do about an identity by which another member is known',
    description:
      '`switch` logs in as that member; the caller stays as it is. `merge`, for guests, also gives that member all that the ' +
      'caller has, and ends the caller. The same choice may be sent again, with the same token, when its answer was lost.',
    success: { status: 200, description: 'the access token of the member of the identity', ...LOGGED_IN },
    errors: [...REQUEST_BODY_ERRORS, ConfirmationOver, MemberNotFound],
  })
  async confirm(
    @TheCaller() caller: Caller,
    @CheckedBody() { confirmation, choice }: ConfirmDto,
    @Headers('user-agent') deviceName: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AccessTokenDto> {
    const session = await this.claims.settle(caller, { confirmation, choice, deviceName });
    setRefreshCookie(reply, session);
    return { accessToken: session.accessToken };
  }

  @Post(':provider/start')
  @HttpCode(200)
  @Limited('login')
  @ApiProvider()
  @DescribeForMember({
    summary: 'Begins to link a provider by redirects',
    description:
      'The page opens `authorizeUrl` in the same browser. It comes back to `returnTo`, where POST /api/v2/auth/refresh gives ' +
      'the access token. When another member is known by the identity: `?error=1410`, with `confirmation` and `choices` in ' +
      'the fragment (`#`).',
    success: {
      status: 200,
      description: 'where to go',
      type: AuthorizeUrlDto,
      headers: { 'Cache-Control': 'no-store', 'Set-Cookie': "the browser's name" },
    },
    errors: [UnknownProvider, ReturnNotListed, ...REQUEST_BODY_ERRORS, TooManyRequests],
  })
  async start(
    @CallerId() linkTo: number,
    @PathProvider() provider: Provider,
    @CheckedBody() { returnTo }: StartLinkingDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<AuthorizeUrlDto> {
    const browser = browserOf(request);
    const authorizeUrl = await this.oauth.begin({ provider, returnTo, browser, linkTo });
    setBrowserCookie(reply, browser);
    return { authorizeUrl };
  }
}
