import { Injectable } from '@nestjs/common';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { CalendarFeedService } from '../calendar-feed/calendar-feed.service';
import { FunnelService } from '../funnel/funnel.service';
import { IdempotencyService } from '../idempotency/idempotency.service';
import { InvitationsService } from '../invitations/invitations.service';
import { AccountsService, type LockedMember } from '../members/accounts.service';
import { ParticipantsService } from '../participants/participants.service';
import { SessionsService } from '../sessions/sessions.service';
import { StudiesService } from '../studies/studies.service';

/**
 * Makes all that a guest has a member's. Members are locked before studies, each in the order of their ids; who writes
 * for a member locks it first, too, so nothing is written for a guest who has ended.
 */
@Injectable()
export class MergingService {
  constructor(
    private readonly accounts: AccountsService,
    private readonly studies: StudiesService,
    private readonly participants: ParticipantsService,
    private readonly invitations: InvitationsService,
    private readonly idempotency: IdempotencyService,
    private readonly funnel: FunnelService,
    private readonly calendarFeeds: CalendarFeedService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /** Both rows are locked. The guest ends: what stays of it is a row without personal data. */
  async merge(em: EntityManager, guest: LockedMember, owner: LockedMember): Promise<void> {
    const handover = { from: guest.id, to: owner.id };
    await this.studies.handOver(em, handover, await this.participants.listStudiesOf(em, guest.id));
    await this.participants.handOver(em, handover);
    await this.invitations.handOver(em, handover);
    await this.idempotency.handOver(em, handover);
    await this.funnel.handOver(em, handover);
    await this.calendarFeeds.handOver(em, handover);
    await this.sessions.endAllOf(em, guest.id);
    owner.inherit(guest);
    guest.leave(this.clock.now());
    await this.accounts.store(em, owner);
    await this.accounts.store(em, guest);
  }
}
