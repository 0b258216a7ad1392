import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Participant } from './participant.entity';

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

  async makeHost(em: EntityManager, id: number): Promise<void> {
    await em.update(Participant, { id }, { isHost: true });
  }
}
