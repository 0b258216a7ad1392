import { Module } from '@nestjs/common';
import { LoginStatesRepository } from './login-states.repository';
import { OAuthService } from './oauth.service';

/** Login providers: who somebody is there. */
@Module({ providers: [OAuthService, LoginStatesRepository], exports: [OAuthService] })
export class OAuthModule {}
