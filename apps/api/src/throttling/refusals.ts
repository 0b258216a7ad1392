import type { Bucket } from './bucket';

/** Buckets remembered at most: about 1 MB. The one that came first goes first. */
const CAPACITY = 10_000;

/**
 * Remembers in this process whose budget is spent: what one who goes on calling is told follows from that alone, and
 * costs the others neither a statement nor a connection.
 */
export class Refusals {
  private readonly windows = new Map<string, number>();

  constructor(private readonly capacity = CAPACITY) {}

  /** Whether the budget of this very window is spent. */
  has({ key, window }: Bucket): boolean {
    return this.windows.get(key.toString('hex')) === window.number;
  }

  remember({ key, window }: Bucket): void {
    if (this.windows.size >= this.capacity) {
      const [oldest] = this.windows.keys();
      if (oldest !== undefined) this.windows.delete(oldest);
    }
    this.windows.set(key.toString('hex'), window.number);
  }
}
