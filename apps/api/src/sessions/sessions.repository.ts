import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { Session } from './session.entity';

@Injectable()
export class SessionsRepository {
  async insert(em: EntityManager, session: Session): Promise<void> {
    await em.insert(Session, session);
  }

  async deleteAllOf(em: EntityManager, memberId: number): Promise<void> {
    await em.delete(Session, { memberId });
  }
}
