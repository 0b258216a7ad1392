import { advance, isRunning, START, type Progress, type Step } from '@app/pomodoro';
import { Column, Entity, PrimaryGeneratedColumn } from 'typeorm';
import { isAbandoned } from './study.rules';

interface Plan {
  readonly creatorId: number;
  readonly name: string;
  readonly totalCycle: number;
  readonly timePerCycle: number;
}

/** One run of N cycles by one or more people. */
@Entity('study')
export class Study {
  @PrimaryGeneratedColumn({ type: 'int', unsigned: true })
  readonly id: number;

  @Column({ name: 'creator_id', type: 'int', unsigned: true, nullable: true })
  creatorId: number | null;

  @Column({ type: 'varchar', length: 100 })
  name: string;

  @Column({ name: 'total_cycle', type: 'tinyint', unsigned: true })
  totalCycle: number;

  /** Study time of one cycle, in minutes. */
  @Column({ name: 'time_per_cycle', type: 'tinyint', unsigned: true })
  timePerCycle: number;

  @Column({ name: 'current_cycle', type: 'tinyint', unsigned: true })
  currentCycle: number;

  @Column({ type: 'varchar', length: 10, charset: 'ascii', collation: 'ascii_bin' })
  step: Step;

  /** The zero point of every client's timer: changes with the step and with nothing else. */
  @Column({ name: 'step_started_at', type: 'datetime', precision: 3 })
  stepStartedAt: Date;

  /** Number of the last change of step; 0 before the first. */
  @Column({ type: 'int', unsigned: true })
  sequence: number;

  /** Since when nobody has been in the lobby; `null` while somebody is. */
  @Column({ name: 'vacant_since', type: 'datetime', precision: 3, nullable: true })
  vacantSince: Date | null;

  @Column({ name: 'created_at', type: 'datetime', precision: 3 })
  createdAt: Date;

  /** A study in its lobby, nobody in it yet. */
  static open(plan: Plan, now: Date): Study {
    return Object.assign(new Study(), {
      ...plan,
      step: START.step,
      currentCycle: START.cycle,
      stepStartedAt: now,
      sequence: 0,
      vacantSince: now,
      createdAt: now,
    });
  }

  get progress(): Progress {
    return { step: this.step, cycle: this.currentCycle };
  }

  get isRunning(): boolean {
    return isRunning(this.step);
  }

  /** Whether nobody has ever been in: the lobby has stood empty since it was made. */
  get isUntaken(): boolean {
    return this.vacantSince?.getTime() === this.createdAt.getTime();
  }

  /** Whether the lobby has stood empty for so many ms that nobody can join any more. */
  isAbandoned(now: Date, keptMs: number): boolean {
    return isAbandoned(this.step, this.vacantSince?.getTime() ?? null, now.getTime(), keptMs);
  }

  /** @throws StudyAlreadyDone */
  advance(now: Date): void {
    this.moveTo(advance(this.progress, this.totalCycle), now);
  }

  /** Ends the study where it stands: everybody has left. */
  end(now: Date): void {
    this.moveTo({ step: 'DONE', cycle: this.currentCycle }, now);
  }

  private moveTo({ step, cycle }: Progress, now: Date): void {
    this.step = step;
    this.currentCycle = cycle;
    this.stepStartedAt = now;
    this.sequence += 1;
  }
}
