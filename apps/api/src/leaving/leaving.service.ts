import { Injectable } from '@nestjs/common';
import { Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import { DateTime } from 'luxon';
import type { EntityManager } from 'typeorm';
import { CalendarFeedService } from '../calendar-feed/calendar-feed.service';
import { IdempotencyService } from '../idempotency/idempotency.service';
import { IdentitiesService } from '../identities/identities.service';
import { AccountsService, type LockedMember } from '../members/accounts.service';
import { MembersService } from '../members/members.service';
import { JoiningService } from '../participants/joining.service';
import { SessionsService } from '../sessions/sessions.service';
import { StudiesService } from '../studies/studies.service';
import { UnregistrationsRepository, type Unregistration } from './unregistrations.repository';

const DAY_MS = 24 * 60 * 60 * 1_000;

/** Leaving the service for good. */
@Injectable()
export class LeavingService {
  constructor(
    private readonly transactor: Transactor,
    private readonly members: MembersService,
    private readonly accounts: AccountsService,
    private readonly joining: JoiningService,
    private readonly studies: StudiesService,
    private readonly sessions: SessionsService,
    private readonly identities: IdentitiesService,
    private readonly idempotency: IdempotencyService,
    private readonly calendarFeeds: CalendarFeedService,
    private readonly unregistrations: UnregistrationsRepository,
    private readonly clock: Clock,
  ) {}

  /**
   * Ends all tokens of a member, takes them out of their studies, and forgets who they were. The member's row is locked
   * first: what they do at the same moment is done before, and forgotten with the rest, or refused.
   *
   * @param reason why; kept without the member
   * @throws MemberNotFound; InvalidAccessToken for one who has left meanwhile
   */
  unregister(memberId: number, reason: string): Promise<void> {
    return this.transactor.write(async (em) => {
      const member = await this.members.getForUpdate(em, memberId);
      const now = this.clock.now();
      await this.unregistrations.insert(em, unregistrationOf(member, reason, now));
      await this.forget(em, memberId);
      member.leave(now);
      await this.accounts.store(em, member);
    });
  }

  private async forget(em: EntityManager, memberId: number): Promise<void> {
    await this.joining.withdraw(em, memberId);
    await this.studies.forgetNames(em, memberId);
    await this.sessions.endAllOf(em, memberId);
    await this.identities.forgetAllOf(em, memberId);
    await this.idempotency.forgetAllOf(em, memberId);
    await this.calendarFeeds.revokeAllOf(em, memberId);
  }
}

function unregistrationOf(member: LockedMember, reason: string, now: Date): Unregistration {
  const { loginType, createdAt, timeZone } = member;
  return {
    reason,
    loginType,
    memberForDays: Math.max(0, Math.floor((now.getTime() - createdAt.getTime()) / DAY_MS)),
    unregisteredOn: DateTime.fromJSDate(now, { zone: timeZone }).toFormat('yyyy-MM-dd'),
  };
}
