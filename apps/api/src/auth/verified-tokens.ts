import type { Caller } from './jwt.strategy';

/** Tokens remembered at most: a few MB. The one that came first goes first. */
const CAPACITY = 10_000;

/**
 * Remembers tokens whose signature was found good: people poll with the same one every two seconds, and to check it
 * costs more than to answer. The end of its life is looked at each time.
 */
export class VerifiedTokens {
  private readonly callers = new Map<string, Caller>();

  constructor(private readonly capacity = CAPACITY) {}

  /** @returns whom the token is of; `undefined` when it is unknown or its life is over */
  find(token: string, now: Date): Caller | undefined {
    const caller = this.callers.get(token);
    if (caller === undefined || now.getTime() < caller.expiresAtMs) return caller;
    this.callers.delete(token);
    return undefined;
  }

  remember(token: string, caller: Caller): void {
    if (this.callers.size >= this.capacity) {
      const [oldest] = this.callers.keys();
      if (oldest !== undefined) this.callers.delete(oldest);
    }
    this.callers.set(token, caller);
  }
}
