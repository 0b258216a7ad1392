import { Injectable } from '@nestjs/common';
import { Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { drawSecretText, hashSecretText } from '../auth/secret-text';
import { LIMITS } from '../http/limits';
import type { Handover } from '../members/handover';
import { MembersService } from '../members/members.service';
import { RecordsService } from '../records/records.service';
import { CalendarFeedNotFound } from './calendar-feed.errors';
import { toCalendar } from './feed-calendar';
import { FeedQueries } from './feed-queries';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** A member's studies for a calendar that cannot log in: who knows the address may read them, until it is revoked. */
@Injectable()
export class CalendarFeedService {
  constructor(
    private readonly transactor: Transactor,
    private readonly members: MembersService,
    private readonly queries: FeedQueries,
    private readonly records: RecordsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a feed; one that was open before is gone.
   *
   * @returns its token, which is told this once
   * @throws MemberNotFound; InvalidAccessToken for one who has left meanwhile
   */
  async open(memberId: number): Promise<string> {
    const token = drawSecretText();
    await this.transactor.write(async (em) => {
      await this.members.get(em, memberId);
      await this.queries.replace(em, memberId, hashSecretText(token), this.clock.now());
    });
    return token;
  }

  revoke(memberId: number): Promise<void> {
    return this.queries.revoke(memberId);
  }

  /** Revokes the feed of one who leaves. */
  revokeAllOf(em: EntityManager, memberId: number): Promise<void> {
    return this.queries.revokeIn(em, memberId);
  }

  /** Lets the feed of one who ends go on as another's, who has the same studies; one who has a feed keeps that. */
  handOver(em: EntityManager, handover: Handover): Promise<void> {
    return this.queries.changeMember(em, handover);
  }

  /** @returns the feed as an iCalendar. @throws CalendarFeedNotFound */
  async read(token: string): Promise<string> {
    const memberId = await this.queries.owner(hashSecretText(token));
    if (memberId === undefined) throw new CalendarFeedNotFound();
    await this.records.fileAllOf(memberId);
    const since = new Date(this.clock.now().getTime() - LIMITS.feedDays * DAY_MS);
    return toCalendar(await this.queries.studiesSince(memberId, since));
  }
}
