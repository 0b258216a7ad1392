import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How long logins live, in s. */
export interface Lifetimes {
  /** One that is not used. */
  readonly refreshTtlS: number;
  /** Any, however often it is used. */
  readonly refreshAbsoluteTtlS: number;
}

/** Who logs in where. */
export interface Login {
  readonly id: Buffer;
  readonly memberId: number;
  /** What the device calls itself. */
  readonly device: string | null;
  /** Hash of the first token. */
  readonly tokenHash: Buffer;
}

/** One login on one device: a family of refresh tokens, of which one is the newest. */
@Entity('session')
export class Session {
  @PrimaryColumn({ type: 'binary', length: 16 })
  readonly id: Buffer;

  @Column({ name: 'member_id', type: 'int', unsigned: true })
  readonly memberId: number;

  /** Number of the newest token, counted from 0. */
  @Column({ type: 'int', unsigned: true })
  generation: number;

  /** SHA-256 of the newest token. */
  @Column({ name: 'token_hash', type: 'binary', length: 32 })
  tokenHash: Buffer;

  /** What the device called itself (`User-Agent`). */
  @Column({ type: 'varchar', length: 200, nullable: true })
  readonly device: string | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  readonly createdAt: Date;

  @Column({ name: 'last_used_at', type: 'datetime', precision: 3 })
  lastUsedAt: Date;

  @Column({ name: 'expires_at', type: 'datetime', precision: 3 })
  expiresAt: Date;

  static open(login: Login, now: Date, lifetimes: Lifetimes): Session {
    const begin = { generation: 0, createdAt: now, lastUsedAt: now, expiresAt: endOf(now, now, lifetimes) };
    return Object.assign(new Session(), { ...login, ...begin });
  }

  /** Replaces the newest token by the next one and begins the idle time anew. */
  rotate(tokenHash: Buffer, now: Date, lifetimes: Lifetimes): void {
    this.generation += 1;
    this.tokenHash = tokenHash;
    this.lastUsedAt = now;
    this.expiresAt = endOf(this.createdAt, now, lifetimes);
  }

  isOver(now: Date): boolean {
    return now.getTime() >= this.expiresAt.getTime();
  }

  /** Time left in s, a begun second counted as one. */
  secondsLeft(now: Date): number {
    return Math.ceil((this.expiresAt.getTime() - now.getTime()) / 1_000);
  }
}

function endOf(createdAt: Date, usedAt: Date, { refreshTtlS, refreshAbsoluteTtlS }: Lifetimes): Date {
  const idleEndMs = usedAt.getTime() + refreshTtlS * 1_000;
  return new Date(Math.min(idleEndMs, createdAt.getTime() + refreshAbsoluteTtlS * 1_000));
}
