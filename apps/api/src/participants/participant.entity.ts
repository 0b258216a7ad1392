import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';

interface Seat {
  readonly studyId: number;
  readonly memberId: number;
  readonly nickname: string;
  readonly isHost: boolean;
  readonly studyCreatedAt: Date;
}

/** A member inside one study. */
@Entity('participant')
export class Participant {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  readonly id: number;

  @Column({ name: 'study_id', type: 'int', unsigned: true })
  studyId: number;

  @Column({ name: 'member_id', type: 'int', unsigned: true })
  memberId: number;

  @Column({ type: 'varchar', length: 100 })
  nickname: string;

  @Column({ name: 'is_host', type: 'boolean' })
  isHost: boolean;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt: Date;

  /**
   * When the study was opened, which never changes: a copy, for a member's records in the order of time. `null` in rows
   * of an older release.
   */
  @Column({ name: 'study_created_at', type: 'datetime', precision: 3, nullable: true })
  readonly studyCreatedAt: Date | null;

  static seat(seat: Seat, now: Date): Participant {
    return Object.assign(new Participant(), { ...seat, createdAt: now });
  }
}
