import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Study } from './study.entity';

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

  async updateVacancy(em: EntityManager, { id, vacantSince }: Study): Promise<void> {
    await em.update(Study, { id }, { vacantSince });
  }
}
