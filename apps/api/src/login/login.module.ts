import { Module } from '@nestjs/common';
import { IdentitiesModule } from '../identities/identities.module';
import { OAuthModule } from '../oauth/oauth.module';
import { SessionsModule } from '../sessions/sessions.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { LoginController } from './login.controller';
import { LoginService } from './login.service';
import { RedirectLoginController } from './redirect-login.controller';

/** Members log in by a provider. */
@Module({
  imports: [OAuthModule, IdentitiesModule, SessionsModule, ThrottlingModule],
  controllers: [LoginController, RedirectLoginController],
  providers: [LoginService],
})
export class LoginModule {}
