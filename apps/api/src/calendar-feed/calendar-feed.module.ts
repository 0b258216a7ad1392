import { Module } from '@nestjs/common';
import { MembersModule } from '../members/members.module';
import { RecordsModule } from '../records/records.module';
import { CalendarFeedService } from './calendar-feed.service';
import { CalendarFeedsController } from './calendar-feeds.controller';
import { FeedQueries } from './feed-queries';
import { MyCalendarFeedController } from './my-calendar-feed.controller';

/** A member's studies in the calendar of their choice. */
@Module({
  imports: [MembersModule, RecordsModule],
  controllers: [MyCalendarFeedController, CalendarFeedsController],
  providers: [CalendarFeedService, FeedQueries],
  exports: [CalendarFeedService],
})
export class CalendarFeedModule {}
