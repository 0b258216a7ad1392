import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import type { Handover } from '../members/handover';
import { Participant } from './participant.entity';

/** Two seats in one study: of the member who goes, and of the one who stays. */
interface SharedSeat {
  readonly id: number;
  readonly is_host: number;
  readonly staying_id: number;
}

const STUDIES_OF = 'SELECT study_id FROM participant WHERE member_id = ?';
const SHARED =
  'SELECT p.id, p.is_host, own.id AS staying_id FROM participant p ' +
  'JOIN participant own ON own.study_id = p.study_id AND own.member_id = ? WHERE p.member_id = ? ORDER BY p.study_id';

const UNFINISHED =
  'SELECT p.id, p.study_id AS studyId FROM participant p JOIN study s ON s.id = p.study_id ' +
  "WHERE p.member_id = ? AND s.step <> 'DONE' ORDER BY s.id";

@Injectable()
export class ParticipantsRepository {
  /** Adds the participant and gives it its id. */
  async insert(em: EntityManager, participant: Participant): Promise<void> {
    await em.insert(Participant, participant);
  }

  find(em: EntityManager, id: number): Promise<Participant | null> {
    return em.findOneBy(Participant, { id });
  }

  findOfMember(em: EntityManager, studyId: number, memberId: number): Promise<Participant | null> {
    return em.findOneBy(Participant, { studyId, memberId });
  }

  /** The member's seats in studies that are not over, in the order of the studies' ids. */
  async listUnfinishedOf(
    em: EntityManager,
    memberId: number,
  ): Promise<readonly Pick<Participant, 'id' | 'studyId'>[]> {
    return (await em.query(UNFINISHED, [memberId])) as Participant[];
  }

  hasHost(em: EntityManager, studyId: number): Promise<boolean> {
    return em.existsBy(Participant, { studyId, isHost: true });
  }

  /** The one who joined first of those who are left. */
  findFirst(em: EntityManager, studyId: number): Promise<Participant | null> {
    return em.findOne(Participant, { where: { studyId }, order: { id: 'ASC' } });
  }

  /** Removes the participant with all that it wrote. */
  async delete(em: EntityManager, id: number): Promise<void> {
    await em.delete(Participant, { id });
  }

  async renameAllOf(em: EntityManager, memberId: number, nickname: string): Promise<void> {
    await em.update(Participant, { memberId }, { nickname });
  }

  async makeHost(em: EntityManager, id: number): Promise<void> {
    await em.update(Participant, { id }, { isHost: true });
  }

  async listStudiesOf(em: EntityManager, memberId: number): Promise<number[]> {
    const rows = (await em.query(STUDIES_OF, [memberId])) as { study_id: number }[];
    return rows.map(({ study_id }) => study_id);
  }

  /** The seats of two members in the studies that both are in. */
  listShared(em: EntityManager, { from, to }: Handover): Promise<SharedSeat[]> {
    return em.query(SHARED, [to, from]);
  }

  async changeMember(em: EntityManager, { from, to }: Handover): Promise<void> {
    await em.query('UPDATE participant SET member_id = ? WHERE member_id = ?', [to, from]);
  }
}
