import { Module } from '@nestjs/common';
import { RecordQueries } from './record-queries';
import { RecordsController } from './records.controller';
import { RecordsService } from './records.service';
import { ViewsController } from './views.controller';

/** What a member did: for the web client of today, and for new ones. */
@Module({
  controllers: [ViewsController, RecordsController],
  providers: [RecordsService, RecordQueries],
  exports: [RecordsService],
})
export class RecordsModule {}
