import { Injectable } from '@nestjs/common';
import { In, type EntityManager } from 'typeorm';
import { Member } from './member.entity';

/** What others need to know of a member who is about to write. */
export type MemberAtWork = Pick<Member, 'id' | 'name' | 'nickname' | 'tokenVersion' | 'unregisteredAt'>;

const KEPT =
  'SELECT id, name, nickname, token_version AS tokenVersion, unregistered_at AS unregisteredAt FROM member ' +
  'WHERE id = ? LOCK IN SHARE MODE';

@Injectable()
export class MembersRepository {
  /** Adds the member and gives it its id. */
  async insert(em: EntityManager, member: Member): Promise<void> {
    await em.insert(Member, member);
  }

  /** Reads the member and keeps it from being changed until the transaction ends; others may do the same. */
  async findInShareMode(em: EntityManager, id: number): Promise<MemberAtWork | undefined> {
    return ((await em.query(KEPT, [id])) as MemberAtWork[])[0];
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
