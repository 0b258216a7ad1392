import { Controller, Get } from '@nestjs/common';
import { DescribeForAdmin, ForAdmins } from '../admin/for-admins';
import { InvalidRequest } from '../http/field-error';
import { ApiStudyId, PathId } from '../http/ids';
import { CheckedQuery } from '../http/validation';
import { StudyNotFound } from '../studies/studies.errors';
import { AdminListsService } from './admin-lists.service';
import {
  ContentListDto,
  StudyContentListDto,
  toContentList,
  toStudyContentList,
} from './dto/content-list.dto';
import { ListQueryDto, MemberListQueryDto } from './dto/list-query.dto';
import { MemberListDto, toMemberList } from './dto/member-list.dto';
import { CodeListDto, ParticipantListDto, StudyListDto } from './dto/study-list.dto';
import { toCodeList, toParticipantList, toStudyList } from './dto/study-list.dto';

const list = (summary: string, type: new () => object) =>
  DescribeForAdmin({
    summary,
    success: { status: 200, description: 'a page of them', type },
    errors: [InvalidRequest],
  });

@ForAdmins()
@Controller('api/admin')
export class AdminListsController {
  constructor(private readonly lists: AdminListsService) {}

  @Get('members')
  @list('Lists members', MemberListDto)
  async members(@CheckedQuery() { loginType, ...page }: MemberListQueryDto): Promise<MemberListDto> {
    return toMemberList(await this.lists.members(page, loginType === '' ? undefined : loginType));
  }

  @Get('studies')
  @list('Lists studies', StudyListDto)
  async studies(@CheckedQuery() page: ListQueryDto): Promise<StudyListDto> {
    return toStudyList(await this.lists.studies(page));
  }

  @Get('studies/created')
  @list('Lists the studies that were opened today, in Seoul', StudyListDto)
  async opened(@CheckedQuery() page: ListQueryDto): Promise<StudyListDto> {
    return toStudyList(await this.lists.studiesOpenedToday(page));
  }

  @Get('studies/done')
  @list('Lists the studies that came to their end today, in Seoul', StudyListDto)
  async done(@CheckedQuery() page: ListQueryDto): Promise<StudyListDto> {
    return toStudyList(await this.lists.studiesDoneToday(page));
  }

  @Get('participants')
  @list('Lists the participants of all studies', ParticipantListDto)
  async participants(@CheckedQuery() page: ListQueryDto): Promise<ParticipantListDto> {
    return toParticipantList(await this.lists.participants(page));
  }

  @Get('participant-codes')
  @list('Lists the codes of all studies', CodeListDto)
  async codes(@CheckedQuery() page: ListQueryDto): Promise<CodeListDto> {
    return toCodeList(await this.lists.codes(page));
  }

  @Get('contents')
  @list('Lists plans and retrospects', ContentListDto)
  async contents(@CheckedQuery() page: ListQueryDto): Promise<ContentListDto> {
    return toContentList(await this.lists.contents(page));
  }

  @Get('studies/:studyId/contents')
  @ApiStudyId()
  @DescribeForAdmin({
    summary: 'Lists plans and retrospects of a study',
    success: { status: 200, description: 'a page of them', type: StudyContentListDto },
    errors: [InvalidRequest, StudyNotFound],
  })
  async contentsOf(
    @PathId('studyId') studyId: number,
    @CheckedQuery() page: ListQueryDto,
  ): Promise<StudyContentListDto> {
    return toStudyContentList(studyId, await this.lists.contentsOf(studyId, page));
  }
}
