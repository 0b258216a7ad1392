import { ApiProperty } from '@nestjs/swagger';
import type { ListPage, MemberRow } from '../rows';

/** The old client's tables have a column for each field, in this order: no field may be added. */
export class ListedMemberDto {
  @ApiProperty({ type: 'integer', minimum: 1, description: 'id of the member', example: 12 })
  readonly id: number;

  @ApiProperty({ description: 'name; of one who has left, that they have', example: '루나' })
  readonly name: string;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'verified e-mail',
    example: 'luna@example.com',
  })
  readonly email: string | null;

  @ApiProperty({
    type: 'string',
    nullable: true,
    description: 'address of a picture',
    example: 'https://example.com/luna.png',
  })
  readonly imageUrl: string | null;

  @ApiProperty({
    enum: ['GUEST', 'GOOGLE', 'KAKAO', 'NAVER'],
    description: 'where they log in',
    example: 'GOOGLE',
  })
  readonly loginType: string;
}

export class MemberListDto {
  @ApiProperty({ type: 'integer', minimum: 0, description: 'pages in all', example: 3 })
  readonly totalPage: number;

  @ApiProperty({ type: [ListedMemberDto], description: 'by id' })
  readonly members: ListedMemberDto[];
}

export function toMemberList({ totalPage, rows }: ListPage<MemberRow>): MemberListDto {
  const members = rows.map(({ id, name, email, image_url, login_type }) => {
    return { id, name, email, imageUrl: image_url, loginType: login_type.toUpperCase() };
  });
  return { totalPage, members };
}
