import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module';
import { SessionsModule } from '../sessions/sessions.module';
import { IdentitiesRepository } from './identities.repository';
import { IdentitiesService } from './identities.service';

/** Whom we know by which identity. */
@Module({
  imports: [MembersModule, SessionsModule],
  providers: [IdentitiesService, IdentitiesRepository],
  exports: [IdentitiesService],
})
export class IdentitiesModule {}
