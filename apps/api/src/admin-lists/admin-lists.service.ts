import { Injectable } from '@nestjs/common';
import { Clock } from '@app/kernel';
import { seoulDayAround } from '../days/seoul-days';
import { StudyNotFound } from '../studies/studies.errors';
import { ListQueries, type List } from './list-queries';
import {
  CODES,
  CONTENTS,
  contentsOf,
  membersOf,
  PARTICIPANTS,
  STUDIES,
  studiesDoneIn,
  studiesOpenedIn,
} from './lists';
import type { CodeRow, ContentRow, ListPage, MemberRow, ParticipantRow, StudyListRow } from './rows';

/** Which part of a list is asked for; pages are counted from 0. */
export interface PageRequest {
  readonly page: number;
  readonly size: number;
}

/** What administrators look at. "Today" is the day in Seoul. */
@Injectable()
export class AdminListsService {
  constructor(
    private readonly queries: ListQueries,
    private readonly clock: Clock,
  ) {}

  /** @param loginType none: members of every kind */
  members(page: PageRequest, loginType?: string): Promise<ListPage<MemberRow>> {
    return this.page(membersOf(loginType), page);
  }

  studies(page: PageRequest): Promise<ListPage<StudyListRow>> {
    return this.page(STUDIES, page);
  }

  studiesOpenedToday(page: PageRequest): Promise<ListPage<StudyListRow>> {
    return this.page(studiesOpenedIn(seoulDayAround(this.clock.now())), page);
  }

  studiesDoneToday(page: PageRequest): Promise<ListPage<StudyListRow>> {
    return this.page(studiesDoneIn(seoulDayAround(this.clock.now())), page);
  }

  participants(page: PageRequest): Promise<ListPage<ParticipantRow>> {
    return this.page(PARTICIPANTS, page);
  }

  codes(page: PageRequest): Promise<ListPage<CodeRow>> {
    return this.page(CODES, page);
  }

  contents(page: PageRequest): Promise<ListPage<ContentRow>> {
    return this.page(CONTENTS, page);
  }

  /** @throws StudyNotFound */
  async contentsOf(studyId: number, page: PageRequest): Promise<ListPage<ContentRow> & { name: string }> {
    const name = await this.queries.studyName(studyId);
    if (name === undefined) throw new StudyNotFound();
    return { name, ...(await this.page<ContentRow>(contentsOf(studyId), page)) };
  }

  private async page<Row>(list: List, { page, size }: PageRequest): Promise<ListPage<Row>> {
    const total = await this.queries.count(list);
    const rows = await this.queries.slice<Row>(list, { offset: page * size, limit: size, total });
    return { totalPage: Math.ceil(total / size), rows };
  }
}
