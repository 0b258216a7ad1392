import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

/** Where somebody logs in; a guest does nowhere. */
export type Provider = 'google' | 'kakao' | 'naver';

export type LoginType = 'guest' | Provider;

const GUEST_NAME = 'guest';

/** Where days begin and end for one who has not said otherwise. */
export const DEFAULT_TIME_ZONE = 'Asia/Seoul';

/** A person with an account, or a guest. */
@Entity('member')
export class Member {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  readonly id: number;

  @Column({ type: 'varchar', length: 50 })
  name: string;

  @Column({ type: 'varchar', length: 320, nullable: true })
  email: string | null;

  @Column({ name: 'image_url', type: 'varchar', length: 2048, nullable: true })
  imageUrl: string | null;

  @Column({ name: 'login_type', type: 'varchar', length: 10, charset: 'ascii', collation: 'ascii_bin' })
  loginType: LoginType;

  /** What others see when a study asks for no other; `null`: the name. */
  @Column({ type: 'varchar', length: 100, nullable: true })
  nickname: string | null;

  /** IANA name: where the member's days begin and end. */
  @Column({ name: 'time_zone', type: 'varchar', length: 64, charset: 'ascii', collation: 'ascii_bin' })
  timeZone: string;

  /** Access tokens of an earlier version are dead. */
  @Column({ name: 'token_version', type: 'int', unsigned: true })
  tokenVersion: number;

  /** When the member left the service; no personal data stays. */
  @Column({ name: 'unregistered_at', type: 'datetime', precision: 3, nullable: true })
  unregisteredAt: Date | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt: Date;

  static guest(now: Date): Member {
    return Object.assign(new Member(), {
      name: GUEST_NAME,
      email: null,
      imageUrl: null,
      loginType: 'guest',
      nickname: null,
      timeZone: DEFAULT_TIME_ZONE,
      tokenVersion: 0,
      unregisteredAt: null,
      createdAt: now,
    });
  }
}
