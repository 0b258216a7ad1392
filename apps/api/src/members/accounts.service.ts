import { Injectable } from '@nestjs/common';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { FunnelService } from '../funnel/funnel.service';
import { Member, type AccountProfile } from './member.entity';
import { MembersRepository } from './members.repository';

/** A member whose row is locked by the transaction that read it. */
export type LockedMember = Member;

/** What members are to the ways of logging in: rows to be made, locked, changed and ended. */
@Injectable()
export class AccountsService {
  constructor(
    private readonly members: MembersRepository,
    private readonly funnel: FunnelService,
    private readonly clock: Clock,
  ) {}

  /** Makes a member of one who logs in for the first time. */
  async open(em: EntityManager, profile: AccountProfile): Promise<LockedMember> {
    const member = Member.ofProvider(profile, this.clock.now());
    await this.members.insert(em, member);
    await this.funnel.signedUp(em, member);
    return member;
  }

  /**
   * Reads members and keeps every other change of them waiting until the transaction ends. Always in the order of
   * their ids, so that two who lock the same members never wait for each other.
   *
   * @returns by id; who is gone, or has left the service, is left out
   */
  async lock(em: EntityManager, ids: readonly number[]): Promise<ReadonlyMap<number, LockedMember>> {
    const members = await this.members.listForUpdate(em, ids);
    return new Map(members.filter((member) => !member.hasLeft).map((member) => [member.id, member]));
  }

  /** Stores what was changed of a locked member. */
  store(em: EntityManager, member: LockedMember): Promise<void> {
    return this.members.update(em, member);
  }
}
