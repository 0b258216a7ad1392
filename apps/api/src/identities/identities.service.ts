import { Injectable } from '@nestjs/common';
import { isDuplicate, Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { AccountsService, type LockedMember } from '../members/accounts.service';
import type { ProviderProfile } from '../oauth/provider-profile';
import { SessionsService, type OpenedSession } from '../sessions/sessions.service';
import { IdentitiesRepository } from './identities.repository';

/** Another request has made, or taken away, the identity meanwhile. */
class IdentityChanged extends Error {}

const MAX_TRIES = 5;

/** Whom we know by which identity: what a provider calls a person, never the e-mail. */
@Injectable()
export class IdentitiesService {
  constructor(
    private readonly transactor: Transactor,
    private readonly identities: IdentitiesRepository,
    private readonly accounts: AccountsService,
    private readonly sessions: SessionsService,
    private readonly clock: Clock,
  ) {}

  /**
   * Logs in the member of an identity; makes one at the first time. Takes over what the provider says now, but leaves
   * a name that the member has chosen.
   *
   * @param device what the device calls itself (`User-Agent`)
   */
  logIn(profile: ProviderProfile, device: string | undefined): Promise<OpenedSession> {
    return this.writeUndisturbed(async (em) => {
      const member = await this.findMember(em, profile);
      return this.sessions.open(em, member ?? (await this.openMember(em, profile)), device);
    });
  }

  /** Takes away all ways to log in as a member: a later login is a new member. */
  forgetAllOf(em: EntityManager, memberId: number): Promise<void> {
    return this.identities.deleteAllOf(em, memberId);
  }

  private async findMember(em: EntityManager, profile: ProviderProfile): Promise<LockedMember | undefined> {
    const known = await this.identities.find(em, profile);
    if (known === undefined) return undefined;
    const member = (await this.accounts.lock(em, [known.memberId])).get(known.memberId);
    // Whoever waited for the lock looks again: the member may have left, the identity may be another's now.
    const identity = await this.identities.find(em, profile);
    if (member === undefined || identity?.memberId !== member.id) throw new IdentityChanged();
    member.follow(profile, identity.name);
    await this.accounts.store(em, member);
    await this.identities.rename(em, profile);
    return member;
  }

  private async openMember(em: EntityManager, profile: ProviderProfile): Promise<LockedMember> {
    const member = await this.accounts.open(em, profile);
    await this.identities.insert(em, member.id, profile, this.clock.now());
    return member;
  }

  /** Of several who are new at once one makes the member; the others are undone and find it. */
  private async writeUndisturbed<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.transactor.write(work);
      } catch (error) {
        const isDisturbed = error instanceof IdentityChanged || isDuplicate(error, 'PRIMARY');
        if (tries === MAX_TRIES || !isDisturbed) throw error;
      }
    }
  }
}
