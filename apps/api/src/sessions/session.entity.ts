import { Column, Entity, PrimaryColumn } from 'typeorm';

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
}
