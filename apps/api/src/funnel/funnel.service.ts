import { Injectable } from '@nestjs/common';
import { Transactor } from '@app/database';
import type { Step } from '@app/pomodoro';
import type { EntityManager } from 'typeorm';
import { seoulDayOf } from '../days/seoul-days';
import type { Handover } from '../members/handover';
import { StudyMetrics } from '../observability/study-metrics';
import { entryOf, EVENTS, type Entry } from './funnel.rules';

interface Signup {
  readonly id: number;
  readonly createdAt: Date;
}

interface Moved {
  readonly id: number;
  readonly step: Step;
  readonly currentCycle: number;
  readonly stepStartedAt: Date;
}

// The key refuses everything but a member's first time: IGNORE counts the rows that were added.
const SIGN_UP = 'INSERT IGNORE INTO funnel_event (member_id, event, day, at) VALUES (?, ?, ?, ?)';
// In one order, so that two studies that begin at once with the same members wait instead of deadlocking.
const REACH =
  'INSERT IGNORE INTO funnel_event (member_id, event, entry, day, at) ' +
  'SELECT member_id, ?, ?, ?, ? FROM participant WHERE study_id = ? ORDER BY member_id';
const SEATS = 'SELECT COUNT(*) AS seats FROM participant WHERE study_id = ?';
const BEGIN = 'UPDATE study SET entry = ? WHERE id = ?';
const BEGUN =
  'SELECT s.entry, COUNT(p.id) AS seats FROM study s LEFT JOIN participant p ON p.study_id = s.id ' +
  'WHERE s.id = ? GROUP BY s.id';

// `at` last: what is set before compares with it.
const HAND_OVER =
  'INSERT INTO funnel_event (member_id, event, entry, day, at) ' +
  'SELECT ?, past.event, past.entry, past.day, past.at FROM funnel_event past WHERE past.member_id = ? ' +
  'ON DUPLICATE KEY UPDATE entry = IF(VALUES(at) < funnel_event.at, VALUES(entry), funnel_event.entry), ' +
  'day = LEAST(funnel_event.day, VALUES(day)), at = LEAST(funnel_event.at, VALUES(at))';
const FORGET = 'DELETE FROM funnel_event WHERE member_id = ?';

/**
 * Notes how far members come: signed up, first study, first finished cycle; each once for a member, on the day that it
 * happens. Part of the transaction of what is noted.
 */
@Injectable()
export class FunnelService {
  constructor(
    private readonly transactor: Transactor,
    private readonly metrics: StudyMetrics,
  ) {}

  async signedUp(em: EntityManager, { id, createdAt }: Signup): Promise<void> {
    await em.query(SIGN_UP, [id, EVENTS.signUp, seoulDayOf(createdAt), createdAt]);
    this.transactor.onCommit(em, () => this.metrics.memberSignedUp());
  }

  /** Notes what a change of step means to those who are in the study. Only its beginning and its first cycle's end do. */
  async stepChanged(em: EntityManager, study: Moved): Promise<void> {
    const { step, currentCycle } = study;
    if (step === 'PLANNING' && currentCycle === 1) await this.begun(em, study);
    const isOver = step === 'DONE' ? currentCycle === 1 : step === 'PLANNING' && currentCycle === 2;
    if (isOver) await this.firstCycleOver(em, study);
  }

  /** Two members turn out to be one person: what either did first counts, once. */
  async handOver(em: EntityManager, { from, to }: Handover): Promise<void> {
    await em.query(HAND_OVER, [to, from]);
    await em.query(FORGET, [from]);
  }

  private async begun(em: EntityManager, study: Moved): Promise<void> {
    const [row] = (await em.query(SEATS, [study.id])) as { seats: number }[];
    const entry = entryOf(row?.seats ?? 0);
    await em.query(BEGIN, [entry, study.id]);
    const members = await this.reach(em, EVENTS.study, entry, study);
    this.transactor.onCommit(em, () => this.metrics.firstStudies(entry, members));
  }

  private async firstCycleOver(em: EntityManager, study: Moved): Promise<void> {
    const [row] = (await em.query(BEGUN, [study.id])) as { entry: Entry | null; seats: number }[];
    if (row === undefined || row.seats === 0) return;
    const entry = row.entry ?? entryOf(row.seats);
    const members = await this.reach(em, EVENTS.cycle, entry, study);
    this.transactor.onCommit(em, () => this.metrics.firstFinishedCycles(entry, members));
  }

  /** @returns for how many it is the first time */
  private async reach(em: EntityManager, event: string, entry: Entry, study: Moved): Promise<number> {
    const at = study.stepStartedAt;
    const values = [event, entry, seoulDayOf(at), at, study.id];
    return ((await em.query(REACH, values)) as { affectedRows: number }).affectedRows;
  }
}
