import { ApiProperty } from '@nestjs/swagger';

export class CalendarFeedDto {
  @ApiProperty({
    format: 'uri',
    description: 'to be subscribed to in a calendar; told this once. Who knows it may read the feed',
    example: 'https://haru.example/api/v2/calendar-feeds/s7Vn0cYp1mJrTqzWk3bXh8uLd5gEaF2iNo9xQtRvBy4.ics',
  })
  readonly url: string;
}
