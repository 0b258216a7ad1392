import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';

/** Why one left, and nothing by which they could be found. */
export interface Unregistration {
  readonly reason: string;
  readonly loginType: string;
  /** Whole days. */
  readonly memberForDays: number;
  /** `YYYY-MM-DD`. */
  readonly unregisteredOn: string;
}

const INSERT =
  'INSERT INTO unregistration (reason, login_type, member_for_days, unregistered_on) VALUES (?, ?, ?, ?)';

@Injectable()
export class UnregistrationsRepository {
  async insert(em: EntityManager, unregistration: Unregistration): Promise<void> {
    const { reason, loginType, memberForDays, unregisteredOn } = unregistration;
    await em.query(INSERT, [reason, loginType, memberForDays, unregisteredOn]);
  }
}
