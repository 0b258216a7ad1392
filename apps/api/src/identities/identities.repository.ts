import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Provider, ProviderProfile } from '../oauth/provider-profile';

/** Who somebody is at a provider: its name for the person, which never changes. */
export type IdentityKey = Readonly<{ provider: Provider; subject: string }>;

/** A provider's person, and the member whom we know by it. */
export interface Identity {
  readonly memberId: number;
  /** As the provider told it last. */
  readonly name: string | null;
}

const FIND = 'SELECT member_id AS memberId, name FROM identity WHERE provider = ? AND subject = ?';
const INSERT = 'INSERT INTO identity (provider, subject, member_id, name, linked_at) VALUES (?, ?, ?, ?, ?)';
const RENAME = 'UPDATE identity SET name = ? WHERE provider = ? AND subject = ?';

@Injectable()
export class IdentitiesRepository {
  async find(em: EntityManager, { provider, subject }: IdentityKey): Promise<Identity | undefined> {
    return ((await em.query(FIND, [provider, subject])) as Identity[])[0];
  }

  /**
   * @throws a duplicate of the primary key when somebody is known by it already, of `identity_once` when the member is
   *   known by another one of the provider
   */
  async insert(em: EntityManager, memberId: number, profile: ProviderProfile, now: Date): Promise<void> {
    const { provider, subject, name } = profile;
    await em.query(INSERT, [provider, subject, memberId, name, now]);
  }

  async rename(em: EntityManager, { provider, subject, name }: ProviderProfile): Promise<void> {
    await em.query(RENAME, [name, provider, subject]);
  }

  async deleteAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.query('DELETE FROM identity WHERE member_id = ?', [memberId]);
  }
}
