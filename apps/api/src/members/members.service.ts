import { Injectable } from '@nestjs/common';
import { Statements, Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { Member, type LoginType } from './member.entity';
import { MemberNotFound } from './members.errors';
import { MembersRepository } from './members.repository';

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
    private readonly clock: Clock,
  ) {}

  /** @returns id of a new guest */
  async openGuest(): Promise<number> {
    const guest = Member.guest(this.clock.now());
    await this.transactor.write((em) => this.members.insert(em, guest));
    return guest.id;
  }

  /** @throws MemberNotFound */
  async getProfile(memberId: number): Promise<MemberView> {
    const [profile] = await this.statements.select<MemberView>(PROFILE, [memberId]);
    if (profile === undefined) throw new MemberNotFound();
    return profile;
  }

  /** @throws MemberNotFound */
  async get(em: EntityManager, memberId: number): Promise<Member> {
    const member = await this.members.find(em, memberId);
    if (member === null) throw new MemberNotFound();
    return member;
  }
}
