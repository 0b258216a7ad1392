import { Injectable } from '@nestjs/common';
import { isDuplicate, Transactor } from '@app/database';
import type { EntityManager } from 'typeorm';
import { AccountsService, type LockedMember } from '../members/accounts.service';
import { IdentitiesRepository, type Identity, type IdentityKey } from './identities.repository';

/** Another request has made, or taken away, the identity meanwhile. */
class IdentityChanged extends Error {}

/** A member by one of its identities. */
export interface KnownMember {
  readonly member: LockedMember;
  readonly identity: Identity;
}

const MAX_TRIES = 5;

/** Finds members by their identities, so that neither changes until the transaction ends. */
@Injectable()
export class KnownMembersService {
  constructor(
    private readonly transactor: Transactor,
    private readonly identities: IdentitiesRepository,
    private readonly accounts: AccountsService,
  ) {}

  /**
   * Locks the member of an identity, and further members, in the order of their ids.
   *
   * @returns who is known by the identity, and all of them by id; who has left the service is not among them
   */
  async lock(
    em: EntityManager,
    key: IdentityKey,
    memberIds: readonly number[] = [],
  ): Promise<Readonly<{ known: KnownMember | undefined; members: ReadonlyMap<number, LockedMember> }>> {
    const seen = await this.identities.find(em, key);
    const members = await this.accounts.lock(
      em,
      seen === undefined ? memberIds : [...memberIds, seen.memberId],
    );
    // Whoever has waited for the lock looks again: an identity is made and taken away under its member's lock.
    const identity = seen === undefined ? undefined : await this.identities.find(em, key);
    if (identity?.memberId !== seen?.memberId) throw new IdentityChanged();
    if (identity === undefined) return { known: undefined, members };
    const member = members.get(identity.memberId);
    if (member === undefined) throw new IdentityChanged();
    return { known: { member, identity }, members };
  }

  /** Runs a transaction again when another one changed the identity meanwhile, or made it at the same instant. */
  async write<T>(work: (em: EntityManager) => Promise<T>): Promise<T> {
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
