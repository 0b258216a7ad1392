import { Injectable } from '@nestjs/common';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { InvalidAccessToken } from '../auth/auth.errors';
import { refuseEnded } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import { drawSecretText, hashSecretText } from '../auth/secret-text';
import { LIMITS } from '../http/limits';
import type { LockedMember } from '../members/accounts.service';
import { MemberNotFound } from '../members/members.errors';
import type { OpenedSession } from '../sessions/session-tokens';
import { SessionsService } from '../sessions/sessions.service';
import { ClaimQueries } from './claim-queries';
import { ClaimsRepository, type Claim } from './claims.repository';
import { CHOICES, type Choice, type Offer } from './choice';
import { ConfirmationOver } from './identities.errors';
import type { IdentityKey } from './identities.repository';
import { KnownMembersService } from './known-members.service';
import { MergingService } from './merging.service';

/** What a caller sends to settle a claim. */
export interface Confirmation {
  readonly confirmation: string;
  readonly choice: Choice;
  /** What the device calls itself (`User-Agent`). */
  readonly deviceName: string | undefined;
}

/** Members who have proved to be somebody whom another member is known by, and are asked what to do. */
@Injectable()
export class ClaimsService {
  constructor(
    private readonly knownMembers: KnownMembersService,
    private readonly claims: ClaimsRepository,
    private readonly queries: ClaimQueries,
    private readonly merging: MergingService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /** Asks a member what to do. Only a guest ends by it, so only a guest may merge. */
  async open(em: EntityManager, member: LockedMember, { provider, subject }: IdentityKey): Promise<Offer> {
    const confirmation = drawSecretText();
    const { id: memberId, tokenVersion } = member;
    const expiresAt = new Date(this.clock.now().getTime() + LIMITS.identityClaimMs);
    await this.claims.insert(em, hashSecretText(confirmation), {
      memberId,
      tokenVersion,
      provider,
      subject,
      expiresAt,
    });
    return { choices: choicesOf(member), confirmation };
  }

  /**
   * Does what the caller has chosen, and logs it in as the member of the identity. The same choice, sent again, has no
   * further effect and gets the same login: a guest who has merged has no other way to ask, since its tokens have ended.
   *
   * @throws MemberNotFound; InvalidAccessToken; ConfirmationOver
   */
  async settle(caller: Caller, { confirmation, choice, deviceName }: Confirmation): Promise<OpenedSession> {
    const hash = hashSecretText(confirmation);
    const claimant = await this.queries.claimant(caller, hash);
    if (claimant === undefined) throw new MemberNotFound();
    if (claimant.choice === null) refuseEnded(claimant, caller);
    return this.knownMembers.write(async (em) => {
      const claimed = await this.getOwn(em, hash, caller);
      const { known, members } = await this.knownMembers.lock(em, claimed, [caller.memberId]);
      if (known === undefined) throw new ConfirmationOver();
      const claim = await this.getOwn(em, hash, caller);
      if (claim.choice !== null) return this.repeat(em, claim, choice, known.member);
      const member = members.get(caller.memberId);
      if (member?.tokenVersion !== caller.tokenVersion) throw new InvalidAccessToken();
      await this.carryOut(em, choice, member, known.member);
      const opened = await this.sessions.open(em, known.member, deviceName);
      await this.claims.settle(em, hash, choice, opened.sessionId);
      if (choice === 'merge') await this.claims.deleteOpenOf(em, member.id);
      return opened;
    });
  }

  /** Forgets what a member who leaves has claimed, and who has claimed to be that member. */
  forgetAllOf(em: EntityManager, memberId: number): Promise<void> {
    return this.claims.deleteAllOf(em, memberId);
  }

  /** Forgets what has run out, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.queries.prune(now);
  }

  private async getOwn(em: EntityManager, hash: Buffer, caller: Caller): Promise<Claim> {
    const claim = await this.claims.find(em, hash);
    const isOwn = claim?.memberId === caller.memberId && claim.tokenVersion === caller.tokenVersion;
    if (!isOwn || claim.expiresAt <= this.clock.now()) throw new ConfirmationOver();
    return claim;
  }

  private async repeat(
    em: EntityManager,
    claim: Claim,
    choice: Choice,
    owner: LockedMember,
  ): Promise<OpenedSession> {
    const { sessionId } = claim;
    const resumed =
      choice === claim.choice && sessionId !== null && (await this.sessions.resume(em, owner, sessionId));
    if (!resumed) throw new ConfirmationOver();
    return resumed;
  }

  private async carryOut(
    em: EntityManager,
    choice: Choice,
    member: LockedMember,
    owner: LockedMember,
  ): Promise<void> {
    if (!choicesOf(member).includes(choice)) throw new ConfirmationOver();
    if (choice === 'merge') await this.merging.merge(em, member, owner);
  }
}

function choicesOf(member: LockedMember): readonly Choice[] {
  return member.isGuest ? CHOICES : ['switch'];
}
