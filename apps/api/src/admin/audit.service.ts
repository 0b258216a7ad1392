import { isIP } from 'node:net';
import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { LIMITS } from '../http/limits';
import type { AdminAct, AuditRow } from './audit-row';

const NOTE = 'INSERT INTO admin_audit (account, request, address, at) VALUES (?, ?, ?, ?)';
const READ =
  'SELECT id, at, account, request, address FROM admin_audit WHERE id < ? ORDER BY id DESC LIMIT ?';
const PRUNE = 'DELETE FROM admin_audit WHERE at <= ? LIMIT 1000';

/** Keeps what administrators have asked for. Rows are added and, after a year, forgotten; nothing changes one. */
@Injectable()
export class AuditService {
  constructor(
    private readonly statements: Statements,
    private readonly clock: Clock,
  ) {}

  /** Awaited before the answer is looked up: what cannot be noted is not shown. */
  async note(act: AdminAct): Promise<void> {
    await this.statements.update(NOTE, this.toRow(act));
  }

  async noteIn(em: EntityManager, act: AdminAct): Promise<void> {
    await em.query(NOTE, [...this.toRow(act)]);
  }

  /** @returns the newest ones before this id, the newest first; one more than `limit`, if there is one */
  readBefore(id: number, limit: number): Promise<AuditRow[]> {
    // As text: MySQL takes no floating-point number after LIMIT, and the driver sends numbers as such.
    return this.statements.select<AuditRow>(READ, [id, String(limit + 1)]);
  }

  /** Forgets what has run out, a bounded number at a time. */
  prune(now: Date): Promise<number> {
    return this.statements.update(PRUNE, [new Date(now.getTime() - LIMITS.adminAuditMs)]);
  }

  private toRow({ account, request, address }: AdminAct) {
    return [
      account,
      request.slice(0, LIMITS.auditedRequest),
      plainAddress(address),
      this.clock.now(),
    ] as const;
  }
}

/** What a proxy tells may be anything, and longer than its column: that must not keep administrators out. */
function plainAddress(told: string | undefined): string {
  const plain = told?.split('%', 1)[0] ?? '';
  return isIP(plain) === 0 ? 'unknown' : plain;
}
