import { Injectable } from '@nestjs/common';
import { isDuplicate, Statements } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { InvalidAccessToken } from '../auth/auth.errors';
import { AccountsService, type LockedMember } from '../members/accounts.service';
import type { Provider, ProviderProfile } from '../oauth/provider-profile';
import type { OpenedSession } from '../sessions/session-tokens';
import { SessionsService } from '../sessions/sessions.service';
import { ClaimsService } from './claims.service';
import { IdentitiesRepository } from './identities.repository';
import { IdentityTaken, ProviderLinkedAlready } from './identities.errors';
import { KnownMembersService, type KnownMember } from './known-members.service';

/** A way in that a member has. */
export interface IdentityView {
  readonly provider: Provider;
  /** ISO instant. */
  readonly linkedAt: string;
}

/** The device that asks. */
export interface Device {
  /** What it calls itself (`User-Agent`). */
  readonly name: string | undefined;
  /** Its login, when it has one: it goes on. */
  readonly sessionId: Buffer | null;
}

const LIST = 'SELECT provider, linked_at FROM identity WHERE member_id = ? ORDER BY linked_at, provider';

/** Whom we know by which identity: what a provider calls a person, never the e-mail. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly statements: Statements,
    private readonly knownMembers: KnownMembersService,
    private readonly identities: IdentitiesRepository,
    private readonly accounts: AccountsService,
    private readonly claims: ClaimsService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Logs in the member of an identity; makes one at the first time. Takes over what the provider says now, but leaves
   * a name that the member has chosen.
   *
   * @param deviceName what the device calls itself (`User-Agent`)
   */
  logIn(profile: ProviderProfile, deviceName: string | undefined): Promise<OpenedSession> {
    return this.knownMembers.write(async (em) => {
      const { known } = await this.knownMembers.lock(em, profile);
      const member =
        known === undefined ? await this.openMember(em, profile) : await this.follow(em, known, profile);
      return this.sessions.open(em, member, deviceName);
    });
  }

  /**
   * Lets a member log in by one more identity. A guest becomes a full member by it, and keeps everything; the tokens
   * that it has used so far end.
   *
   * @throws IdentityTaken with the choices when another member is known by it
   * @throws ProviderLinkedAlready; InvalidAccessToken for one who has left meanwhile
   */
  async link(memberId: number, profile: ProviderProfile, device: Device): Promise<OpenedSession> {
    const outcome = await this.knownMembers.write(async (em) => {
      const { known, members } = await this.knownMembers.lock(em, profile, [memberId]);
      const member = members.get(memberId);
      if (member === undefined) throw new InvalidAccessToken();
      if (known === undefined) await this.add(em, member, profile);
      else if (known.member.id === member.id) await this.follow(em, known, profile);
      else return new IdentityTaken(await this.claims.open(em, member, profile));
      const own = device.sessionId && (await this.sessions.resume(em, member, device.sessionId));
      return own ?? this.sessions.open(em, member, device.name);
    });
    // Not thrown before: the claim would be undone.
    if (outcome instanceof IdentityTaken) throw outcome;
    return outcome;
  }

  /** The ways in that a member has; none for a guest. */
  async list(memberId: number): Promise<readonly IdentityView[]> {
    const rows = await this.statements.select<{ provider: Provider; linked_at: Date }>(LIST, [memberId]);
    return rows.map(({ provider, linked_at }) => ({ provider, linkedAt: linked_at.toISOString() }));
  }

  /** Takes away all ways to log in as a member: a later login is a new member. */
  async forgetAllOf(em: EntityManager, memberId: number): Promise<void> {
    await this.claims.forgetAllOf(em, memberId);
    await this.identities.deleteAllOf(em, memberId);
  }

  private async openMember(em: EntityManager, profile: ProviderProfile): Promise<LockedMember> {
    const member = await this.accounts.open(em, profile);
    await this.identities.insert(em, member.id, profile, this.clock.now());
    return member;
  }

  private async follow(
    em: EntityManager,
    { member, identity }: KnownMember,
    profile: ProviderProfile,
  ): Promise<LockedMember> {
    member.follow(profile, identity.name);
    await this.accounts.store(em, member);
    await this.identities.rename(em, profile);
    return member;
  }

  private async add(em: EntityManager, member: LockedMember, profile: ProviderProfile): Promise<void> {
    try {
      await this.identities.insert(em, member.id, profile, this.clock.now());
    } catch (error) {
      throw isDuplicate(error, 'identity_once') ? new ProviderLinkedAlready() : error;
    }
    if (!member.isGuest) return;
    member.becomeMember(profile);
    await this.accounts.store(em, member);
  }
}
