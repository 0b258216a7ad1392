import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
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
}
