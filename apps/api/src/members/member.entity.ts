import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

export type LoginType = 'guest';

const GUEST_NAME = 'guest';

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

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt: Date;

  static guest(now: Date): Member {
    return Object.assign(new Member(), {
      name: GUEST_NAME,
      email: null,
      imageUrl: null,
      loginType: 'guest',
      createdAt: now,
    });
  }
}
