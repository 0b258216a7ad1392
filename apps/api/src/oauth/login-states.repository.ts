import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import type { Provider } from './provider-profile';

/** Whom it is about: a login at this provider that this browser began. Hashes are SHA-256. */
export interface LoginStateKey {
  readonly stateHash: Buffer;
  readonly browserHash: Buffer;
  readonly provider: Provider;
}

/** What a login is for. */
export interface LoginAim {
  readonly returnTo: string;
  /** The member who gets the identity; `null`: nobody yet, somebody logs in. */
  readonly linkTo: number | null;
}

const INSERT =
  'INSERT INTO oauth_state (state_hash, browser_hash, provider, return_to, link_to, expires_at) VALUES (?, ?, ?, ?, ?, ?)';
const FIND =
  'SELECT return_to AS returnTo, link_to AS linkTo FROM oauth_state ' +
  'WHERE state_hash = ? AND browser_hash = ? AND provider = ? AND expires_at > ?';
const DELETE = 'DELETE FROM oauth_state WHERE state_hash = ?';
const PRUNE = 'DELETE FROM oauth_state WHERE expires_at <= ? LIMIT 1000';

/** Logins that are under way at a provider. */
@Injectable()
export class LoginStatesRepository {
  constructor(private readonly statements: Statements) {}

  async insert(key: LoginStateKey, { returnTo, linkTo }: LoginAim, expiresAt: Date): Promise<void> {
    const { stateHash, browserHash, provider } = key;
    await this.statements.update(INSERT, [stateHash, browserHash, provider, returnTo, linkTo, expiresAt]);
  }

  /** Takes a login out. @returns `undefined` when there is none; of several who ask at once one gets it */
  async take({ stateHash, browserHash, provider }: LoginStateKey, now: Date): Promise<LoginAim | undefined> {
    const key = [stateHash, browserHash, provider, now];
    const [aim] = await this.statements.select<LoginAim>(FIND, key);
    if (aim === undefined) return undefined;
    return (await this.statements.update(DELETE, [stateHash])) === 1 ? aim : undefined;
  }

  /** Forgets what has run out, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [now]);
  }
}
