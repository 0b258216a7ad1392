import { Module } from '@nestjs/common';
import { RecordsModule } from '../records/records.module';
import { ExportQueries } from './export-queries';
import { ExportsController } from './exports.controller';
import { ExportsService } from './exports.service';

/** What the service holds about a member, as files for the member. */
@Module({
  imports: [RecordsModule],
  controllers: [ExportsController],
  providers: [ExportsService, ExportQueries],
})
export class ExportsModule {}
