import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Handover } from '../members/handover';
import { Study } from './study.entity';

const RENAME_LONELY =
  'UPDATE study s SET s.name = ? WHERE s.creator_id = ? ' +
  'AND NOT EXISTS (SELECT 1 FROM participant p WHERE p.study_id = s.id AND p.member_id <> s.creator_id)';

@Injectable()
export class StudiesRepository {
  /** Adds the study and gives it its id. */
  async insert(em: EntityManager, study: Study): Promise<void> {
    await em.insert(Study, study);
  }

  /** @throws a duplicate of the key `participant_code_code` when another study has the code */
  async insertCode(em: EntityManager, studyId: number, code: string): Promise<void> {
    await em.query('INSERT INTO participant_code (study_id, code) VALUES (?, ?)', [studyId, code]);
  }

  /** Reads the study and keeps every other change of it waiting until the transaction ends. */
  findForUpdate(em: EntityManager, id: number): Promise<Study | null> {
    return em.findOne(Study, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** Stores a change of step with its row of history, which refuses a second change of the same number. */
  async updateStep(em: EntityManager, study: Study): Promise<void> {
    const { id, step, currentCycle, stepStartedAt, sequence } = study;
    await em.query(
      'INSERT INTO study_transition (study_id, sequence, step, cycle, at) VALUES (?, ?, ?, ?, ?)',
      [id, sequence, step, currentCycle, stepStartedAt],
    );
    await em.update(Study, { id }, { step, currentCycle, stepStartedAt, sequence });
  }

  /** Renames what a member has opened, but for studies that others are in. */
  async renameLonelyOf(em: EntityManager, creatorId: number, name: string): Promise<void> {
    await em.query(RENAME_LONELY, [name, creatorId]);
  }

  async updateVacancy(em: EntityManager, { id, vacantSince }: Study): Promise<void> {
    await em.update(Study, { id }, { vacantSince });
  }

  async listCreatedBy(em: EntityManager, memberId: number): Promise<number[]> {
    const rows = (await em.query('SELECT id FROM study WHERE creator_id = ?', [memberId])) as {
      id: number;
    }[];
    return rows.map(({ id }) => id);
  }

  /** Keeps every other change of these studies waiting; in the order of their ids, as everybody locks several. */
  async lock(em: EntityManager, ids: readonly number[]): Promise<void> {
    if (ids.length > 0) await em.query('SELECT id FROM study WHERE id IN (?) ORDER BY id FOR UPDATE', [ids]);
  }

  async changeCreator(em: EntityManager, { from, to }: Handover): Promise<void> {
    await em.query('UPDATE study SET creator_id = ? WHERE creator_id = ?', [to, from]);
  }
}
