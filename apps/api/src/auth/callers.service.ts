import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import { InvalidAccessToken } from './auth.errors';
import type { Caller } from './jwt.strategy';

/** What the database says of a caller. */
export interface CallerState {
  readonly token_version: number;
  /** The caller's login; `null` when it was ended, or was none. */
  readonly session_id: Buffer | null;
}

/** Columns of {@link CallerState}, of the member `m` and {@link CALLER_SESSION}. */
export const CALLER_STATE = 'm.token_version, l.id AS session_id';

/** The login of the caller, none but the member's own; its parameter is the caller's `sessionId`. */
export const CALLER_SESSION = 'LEFT JOIN session l ON l.id = ? AND l.member_id = m.id';

const STATE = `SELECT ${CALLER_STATE} FROM member m ${CALLER_SESSION} WHERE m.id = ?`;

/**
 * Refuses a token that is good by itself, but whose member has left or whose login was ended.
 *
 * @throws InvalidAccessToken
 */
export function refuseEnded(state: CallerState, caller: Caller): void {
  const isLoggedOut = caller.sessionId !== null && state.session_id === null;
  if (isLoggedOut || state.token_version !== caller.tokenVersion) throw new InvalidAccessToken();
}

@Injectable()
export class CallersService {
  constructor(private readonly statements: Statements) {}

  /**
   * A member whose row is gone is let through: the routes tell that in their own words.
   *
   * @throws InvalidAccessToken
   */
  async refuseEnded(caller: Caller): Promise<void> {
    const [state] = await this.statements.select<CallerState>(STATE, [caller.sessionId, caller.memberId]);
    if (state !== undefined) refuseEnded(state, caller);
  }
}
