import { Module } from '@nestjs/common';
import { AdminModule } from '../admin/admin.module';
import { FunnelController } from './funnel.controller';
import { FunnelService } from './funnel.service';
import { FunnelViewService } from './funnel-view.service';

/** How far members come: noted where it happens, shown to administrators. */
@Module({
  imports: [AdminModule],
  controllers: [FunnelController],
  providers: [FunnelService, FunnelViewService],
  exports: [FunnelService],
})
export class FunnelModule {}
