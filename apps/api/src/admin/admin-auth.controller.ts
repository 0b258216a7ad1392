import { Controller, HttpCode, Post, Req, Res, UseGuards } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import { ApiConsumes, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { NotAllowed } from '../auth/auth.errors';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { PARSER_ERRORS, REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import { FORM_TYPE, TAKES_FORMS } from '../server/form-parser';
import { Limited } from '../throttling/limited.decorator';
import { TooManyRequests } from '../throttling/throttling.errors';
import { AdminAuthService } from './admin-auth.service';
import { adminSessionOf, deleteAdminCookie, setAdminCookie } from './admin-cookie';
import { WrongAdminCredentials } from './admin.errors';
import { AdminLoginDto } from './dto/admin-login.dto';
import { SameSiteGuard } from './same-site.guard';

@ApiTags('admin')
@Public()
@UseGuards(SameSiteGuard)
@Controller('api/admin')
export class AdminAuthController {
  constructor(private readonly logins: AdminAuthService) {}

  @Post('login')
  @HttpCode(200)
  @Limited('adminLoginNetwork')
  @RouteConfig(TAKES_FORMS)
  @ApiConsumes(FORM_TYPE, 'application/json')
  @Describe({
    summary: 'Logs an administrator in',
    description:
      'The session lives for an hour, on every instance; one that came with the request is ended. Accounts are made ' +
      'by `npm run admin:create`.',
    success: {
      status: 200,
      description: 'logged in',
      headers: { 'Set-Cookie': 'JSESSIONID: HttpOnly, Secure, SameSite=Lax' },
    },
    errors: [...REQUEST_BODY_ERRORS, WrongAdminCredentials, NotAllowed, TooManyRequests],
  })
  async login(
    @CheckedBody() { account, password }: AdminLoginDto,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    const [session, address] = [adminSessionOf(request), request.ip];
    setAdminCookie(reply, await this.logins.login({ account, password, session, address }));
  }

  @Post('logout')
  @HttpCode(204)
  @Describe({
    summary: 'Logs an administrator out',
    description: 'Ends the session and deletes its cookie; without a session, too.',
    success: {
      status: 204,
      description: 'logged out',
      headers: { 'Set-Cookie': 'deletes JSESSIONID' },
    },
    errors: [...PARSER_ERRORS, NotAllowed],
  })
  async logout(
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<void> {
    deleteAdminCookie(reply);
    await this.logins.logout(adminSessionOf(request), request.ip);
  }
}
