import { Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CallerId } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import { REQUEST_BODY_ERRORS } from '../http/request-errors';
import { CheckedBody } from '../http/validation';
import { NicknameInvalid } from '../participants/participants.errors';
import { MemberDto } from './dto/member.dto';
import { ChangeProfileDto, ProfileDto } from './dto/profile.dto';
import { MemberNameInvalid, MemberNotFound, TimeZoneInvalid } from './members.errors';
import { MembersService } from './members.service';
import { ProfileService } from './profile.service';

@ApiTags('members')
@Controller('api/v2/me')
export class MembersController {
  constructor(
    private readonly members: MembersService,
    private readonly profiles: ProfileService,
  ) {}

  @Get()
  @DescribeForMember({
    summary: 'Shows the caller, as the old web client knows members',
    success: { status: 200, description: 'the member of the access token', type: MemberDto },
    errors: [MemberNotFound],
  })
  me(@CallerId() callerId: number): Promise<MemberDto> {
    return this.members.getProfile(callerId);
  }

  @Get('profile')
  @DescribeForMember({
    summary: 'Shows the caller, with nickname and time zone',
    success: { status: 200, description: 'the profile', type: ProfileDto },
    errors: [MemberNotFound],
  })
  profile(@CallerId() callerId: number): Promise<ProfileDto> {
    return this.profiles.get(callerId);
  }

  @Patch()
  @DescribeForMember({
    summary: 'Changes name, nickname or time zone of the caller',
    description:
      'What is left out stays as it is. Studies that the caller is in keep the nickname that they have.',
    success: { status: 200, description: 'the profile as it is now', type: ProfileDto },
    errors: [...REQUEST_BODY_ERRORS, MemberNameInvalid, NicknameInvalid, TimeZoneInvalid, MemberNotFound],
  })
  change(@CallerId() callerId: number, @CheckedBody() wish: ChangeProfileDto): Promise<ProfileDto> {
    return this.profiles.change(callerId, wish);
  }
}
