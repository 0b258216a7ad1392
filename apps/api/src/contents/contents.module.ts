import { Module } from '@nestjs/common';
import { ContentQueries } from './content-queries';
import { ContentsController } from './contents.controller';
import { ContentsService } from './contents.service';

@Module({
  controllers: [ContentsController],
  providers: [ContentsService, ContentQueries],
  exports: [ContentsService],
})
export class ContentsModule {}
