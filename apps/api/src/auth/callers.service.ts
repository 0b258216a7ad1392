import { Injectable } from '@nestjs/common';
import { Statements, type Parameter } from '@app/database';
import { InvalidAccessToken } from './auth.errors';
import type { Caller } from './jwt.strategy';

/** What the database says of a caller. */
export interface CallerState {
  readonly token_version: number;
  /** The caller's login; `null` when it was ended, nothing when the statement is one of guests. */
  readonly session_id?: Buffer | null;
}

/** Columns of {@link CallerState}, of the member `m` and {@link CALLER_SESSION}. */
export const CALLER_STATE = 'm.token_version, l.id AS session_id';

/** The login of the caller, none but the member's own; its parameter is the caller's `sessionId`. */
export const CALLER_SESSION = 'LEFT JOIN session l ON l.id = ? AND l.member_id = m.id';

/**
 * A hot statement that begins with its caller, `SELECT <columns>, … FROM member m <login> …`, in two forms: guests have no
 * login, so theirs opens a table less.
 *
 * @returns what makes the statement of a caller and its parameters, the login's own being the first
 */
export function forCallers(
  sql: (columns: string, login: string) => string,
): (caller: Caller, parameters: readonly Parameter[]) => readonly [string, readonly Parameter[]] {
  const ofGuests = sql('m.token_version', '');
  const ofMembers = sql(CALLER_STATE, CALLER_SESSION);
  return ({ sessionId }, parameters) =>
    sessionId === null ? [ofGuests, parameters] : [ofMembers, [sessionId, ...parameters]];
}

const STATE = forCallers((columns, login) => `SELECT ${columns} FROM member m ${login} WHERE m.id = ?`);

/**
 * Refuses a token that is good by itself, but whose member has left or whose login was ended.
 *
 * @throws InvalidAccessToken
 */
export function refuseEnded(state: CallerState, caller: Caller): void {
  const isLoggedOut = caller.sessionId !== null && (state.session_id ?? null) === null;
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
    const [state] = await this.statements.select<CallerState>(...STATE(caller, [caller.memberId]));
    if (state !== undefined) refuseEnded(state, caller);
  }
}
