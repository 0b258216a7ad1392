import type { OAuthProviderName } from '@app/config';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { NAME_OF_THE_GONE } from './name-of-the-gone';

/** Where somebody logs in; a guest does nowhere. */
export type Provider = OAuthProviderName;

export type LoginType = 'guest' | Provider;

/** What a login provider says of somebody. */
export interface AccountProfile {
  readonly provider: Provider;
  readonly name: string;
  /** Only one that the provider has verified. */
  readonly email: string | null;
  readonly imageUrl: string | null;
}

/** What members say of themselves; what is left out stays as it is. */
export interface ProfileWish {
  readonly name?: string;
  /** `null`: none. */
  readonly nickname?: string | null;
  readonly timeZone?: string;
}

const GUEST_NAME = 'guest';

/** Where days begin and end for one who has not said otherwise. */
export const DEFAULT_TIME_ZONE = 'Asia/Seoul';

/** A person with an account, or a guest. */
@Entity('member')
export class Member {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  readonly id: number;

  @Column({ type: 'varchar', length: 100 })
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
    return Member.open({ name: GUEST_NAME, email: null, imageUrl: null, loginType: 'guest' }, now);
  }

  static ofProvider({ provider, name, email, imageUrl }: AccountProfile, now: Date): Member {
    return Member.open({ name, email, imageUrl, loginType: provider }, now);
  }

  get isGuest(): boolean {
    return this.loginType === 'guest';
  }

  get hasLeft(): boolean {
    return this.unregisteredAt !== null;
  }

  /**
   * Takes over what the provider says now, if it is the one that the account was made with: a further one only opens
   * the door.
   *
   * @param lastName the name that the provider told before; a member who bears another has chosen it, and keeps it
   */
  follow({ provider, name, email, imageUrl }: AccountProfile, lastName: string | null): void {
    if (this.loginType !== provider) return;
    if (this.name === lastName) this.name = name;
    this.email = email;
    this.imageUrl = imageUrl;
  }

  /** Makes an account of a guest. The tokens that it has used so far end. */
  becomeMember(profile: AccountProfile): void {
    this.loginType = profile.provider;
    this.follow(profile, GUEST_NAME);
    this.tokenVersion += 1;
  }

  describe({ name = this.name, nickname = this.nickname, timeZone = this.timeZone }: ProfileWish): void {
    Object.assign(this, { name, nickname, timeZone });
  }

  /** Forgets who the member was. The row stays, so that what others keep of them still has somebody to point at. */
  leave(now: Date): void {
    this.describe({ name: NAME_OF_THE_GONE, nickname: null, timeZone: DEFAULT_TIME_ZONE });
    this.email = null;
    this.imageUrl = null;
    this.unregisteredAt = now;
    this.tokenVersion += 1;
  }

  /** Takes over what another, who is the same person, has said of itself, and this one has not. */
  inherit({ nickname }: Member): void {
    this.nickname ??= nickname;
  }

  private static open(who: Pick<Member, 'name' | 'email' | 'imageUrl' | 'loginType'>, now: Date): Member {
    return Object.assign(new Member(), {
      ...who,
      nickname: null,
      timeZone: DEFAULT_TIME_ZONE,
      tokenVersion: 0,
      unregisteredAt: null,
      createdAt: now,
    });
  }
}
