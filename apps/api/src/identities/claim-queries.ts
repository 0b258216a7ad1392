import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import { CALLER_SESSION, CALLER_STATE, type CallerState } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import type { Choice } from './choice';

/** What the database says of a caller, and what the caller has chosen already. */
export type ClaimantRow = CallerState & Readonly<{ choice: Choice | null }>;

const CLAIMANT =
  `SELECT ${CALLER_STATE}, c.choice FROM member m ${CALLER_SESSION} ` +
  'LEFT JOIN identity_claim c ON c.member_id = m.id AND c.token_hash = ? AND c.token_version = ? WHERE m.id = ?';
const PRUNE = 'DELETE FROM identity_claim WHERE expires_at <= ? LIMIT 1000';

@Injectable()
export class ClaimQueries {
  constructor(private readonly statements: Statements) {}

  async claimant(
    { sessionId, memberId, tokenVersion }: Caller,
    hash: Buffer,
  ): Promise<ClaimantRow | undefined> {
    const [row] = await this.statements.select<ClaimantRow>(CLAIMANT, [
      sessionId,
      hash,
      tokenVersion,
      memberId,
    ]);
    return row;
  }

  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [now]);
  }
}
