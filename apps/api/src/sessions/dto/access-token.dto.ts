import { ApiProperty } from '@nestjs/swagger';

export class AccessTokenDto {
  @ApiProperty({
    description:
      'sent back as `Authorization: Bearer …`; opaque to clients; lives 15 minutes for members and 30 days for guests, ' +
      'who have nothing to refresh it with, by default',
    example: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.c2lnbmF0dXJl',
  })
  readonly accessToken: string;
}
