import { ApiProperty } from '@nestjs/swagger';
import { OAUTH_PROVIDERS } from '@app/config';

/** How somebody may log in: not at all, or by a provider. */
export const LOGIN_TYPES = ['guest', ...OAUTH_PROVIDERS] as const;

export class MemberDto {
  @ApiProperty({ type: 'integer', description: 'id of the caller', minimum: 1, example: 12 })
  readonly memberId: number;

  @ApiProperty({
    description: '`guest` for guests who have not chosen one',
    maxLength: 100,
    example: 'guest',
  })
  readonly name: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'verified by the login provider',
    example: null,
  })
  readonly email: string | null;

  @ApiProperty({ type: 'string', nullable: true, description: 'address of a picture', example: null })
  readonly imageUrl: string | null;

  @ApiProperty({
    description: 'how the member logs in',
    enum: LOGIN_TYPES,
    example: 'guest',
  })
  readonly loginType: string;
}
