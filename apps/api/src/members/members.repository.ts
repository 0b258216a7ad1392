import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Member } from './member.entity';

@Injectable()
export class MembersRepository {
  /** Adds the member and gives it its id. */
  async insert(em: EntityManager, member: Member): Promise<void> {
    await em.insert(Member, member);
  }

  find(em: EntityManager, id: number): Promise<Member | null> {
    return em.findOneBy(Member, { id });
  }

  /** Reads members in the order of their ids and keeps every other change of them waiting until the transaction ends. */
  listForUpdate(em: EntityManager, ids: readonly number[]): Promise<Member[]> {
    return em.find(Member, {
      where: { id: In([...ids]) },
      order: { id: 'ASC' },
      lock: { mode: 'pessimistic_write' },
    });
  }

  async update(em: EntityManager, { id, ...changes }: Member): Promise<void> {
    await em.update(Member, { id }, changes);
  }
}
