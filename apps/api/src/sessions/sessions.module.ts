import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { MembersModule } from '../members/members.module';
import { ThrottlingModule } from '../throttling/throttling.module';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { DevicesService } from './devices.service';
import { SessionTokens } from './session-tokens';
import { SessionsController } from './sessions.controller';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';

/** Logins: guests, and the refresh tokens of members, device by device. */
@Module({
  imports: [AuthModule, MembersModule, ThrottlingModule],
  controllers: [AuthController, SessionsController],
  providers: [AuthService, DevicesService, SessionsService, SessionTokens, SessionsRepository],
  exports: [SessionsService],
})
export class SessionsModule {}
