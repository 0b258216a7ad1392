import { Injectable } from '@nestjs/common';
import { Statements, Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { InvalidAccessToken } from '../auth/auth.errors';
import { FunnelService } from '../funnel/funnel.service';
import { Member, type LoginType } from './member.entity';
import { MemberNotFound } from './members.errors';
import { MembersRepository, type MemberAtWork } from './members.repository';

/** A member as the contract shows it. */
export interface MemberView {
  readonly memberId: number;
  readonly name: string;
  readonly email: string | null;
  readonly imageUrl: string | null;
  readonly loginType: LoginType;
}

const PROFILE =
  'SELECT id AS memberId, name, email, image_url AS imageUrl, login_type AS loginType FROM member WHERE id = ?';

@Injectable()
export class MembersService {
  constructor(
    private readonly transactor: Transactor,
    private readonly statements: Statements,
    private readonly members: MembersRepository,
    private readonly funnel: FunnelService,
    private readonly clock: Clock,
  ) {}

  /** @returns id of a new guest */
  async openGuest(): Promise<number> {
    const guest = Member.guest(this.clock.now());
    await this.transactor.write(async (em) => {
      await this.members.insert(em, guest);
      await this.funnel.signedUp(em, guest);
    });
    return guest.id;
  }

  /** @throws MemberNotFound */
  async getProfile(memberId: number): Promise<MemberView> {
    const [profile] = await this.statements.select<MemberView>(PROFILE, [memberId]);
    if (profile === undefined) throw new MemberNotFound();
    return profile;
  }

  /**
   * Reads a member who is about to write. Nobody leaves the service before the transaction has ended, so nothing is
   * written for one who has left.
   *
   * @throws MemberNotFound; InvalidAccessToken for one who has left meanwhile
   */
  async get(em: EntityManager, memberId: number): Promise<MemberAtWork> {
    return here(await this.members.findInShareMode(em, memberId));
  }

  /**
   * Reads a member and keeps every other change of it, and all that the member writes, waiting.
   *
   * @throws MemberNotFound; InvalidAccessToken for one who has left meanwhile
   */
  async getForUpdate(em: EntityManager, memberId: number): Promise<Member> {
    const [member] = await this.members.listForUpdate(em, [memberId]);
    return here(member);
  }
}

function here<One extends { unregisteredAt: Date | null }>(member: One | undefined): One {
  if (member === undefined) throw new MemberNotFound();
  if (member.unregisteredAt !== null) throw new InvalidAccessToken();
  return member;
}
