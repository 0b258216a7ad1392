import { Module } from '@nestjs/common';
import { FunnelModule } from '../funnel/funnel.module';
import { AccountsService } from './accounts.service';
import { GuestsService } from './guests.service';
import { MembersController } from './members.controller';
import { MembersRepository } from './members.repository';
import { MembersService } from './members.service';
import { ProfileService } from './profile.service';

@Module({
  imports: [FunnelModule],
  controllers: [MembersController],
  providers: [AccountsService, GuestsService, MembersService, ProfileService, MembersRepository],
  exports: [AccountsService, GuestsService, MembersService],
})
export class MembersModule {}
