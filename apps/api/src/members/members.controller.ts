import { Controller, Get } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { MemberDto } from './dto/member.dto';
import { MemberNotFound } from './members.errors';
import { MembersService } from './members.service';

@ApiTags('members')
@Controller('api/v2/me')
export class MembersController {
  constructor(private readonly members: MembersService) {}

  @Get()
  @DescribeForMember({
    summary: 'Shows the caller',
    success: { status: 200, description: 'the member of the access token', type: MemberDto },
    errors: [MemberNotFound],
  })
  me(@CallerId() callerId: number): Promise<MemberDto> {
    return this.members.getProfile(callerId);
  }
}
