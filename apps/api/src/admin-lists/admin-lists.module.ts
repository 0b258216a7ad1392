import { Module } from '@nestjs/common';
import { AdminModule } from '../admin/admin.module';
import { AdminListsController } from './admin-lists.controller';
import { AdminListsService } from './admin-lists.service';
import { ListQueries } from './list-queries';

/** What the service holds, for administrators to look at. */
@Module({
  imports: [AdminModule],
  controllers: [AdminListsController],
  providers: [AdminListsService, ListQueries],
})
export class AdminListsModule {}
