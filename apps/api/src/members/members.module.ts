import { Module } from '@nestjs/common';
import { FunnelModule } from '../funnel/funnel.module';
import { AccountsService } from './accounts.service';
import { MembersController } from './members.controller';
import { MembersRepository } from './members.repository';
import { MembersService } from './members.service';
import { ProfileService } from './profile.service';

@Module({
  imports: [FunnelModule],
  controllers: [MembersController],
  providers: [AccountsService, MembersService, ProfileService, MembersRepository],
  exports: [AccountsService, MembersService],
})
export class MembersModule {}
