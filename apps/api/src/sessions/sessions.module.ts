import { Module } from '@nestjs/common';
import { AuthModule } from '../auth/auth.module';
import { MembersModule } from '../members/members.module';
import { AuthController } from './auth.controller';
import { AuthService } from './auth.service';
import { SessionsRepository } from './sessions.repository';
import { SessionsService } from './sessions.service';

/** Logins: guests, and the refresh tokens of members. */
@Module({
  imports: [AuthModule, MembersModule],
  controllers: [AuthController],
  providers: [AuthService, SessionsService, SessionsRepository],
  exports: [SessionsService],
})
export class SessionsModule {}
