import { Injectable } from '@nestjs/common';
import { Statements, Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { drawSecretText, hashSecretText } from '../auth/secret-text';
import { LIMITS } from '../http/limits';
import { networkOf } from '../throttling/client-network';
import { ThrottlingService } from '../throttling/throttling.service';
import { isPassword } from './admin-password';
import { WrongAdminCredentials } from './admin.errors';
import { AuditService } from './audit.service';

/** What somebody says to be let in. */
export interface AdminLogin {
  readonly account: string;
  readonly password: string;
  /** Hash of the session that came along. */
  readonly session: Buffer | undefined;
  /** Where it came from, as the proxy tells. */
  readonly address: string | undefined;
}

interface AdminRow {
  readonly id: number;
  readonly password_hash: string;
}

interface AccountRow {
  readonly account: string;
}

const BY_ACCOUNT = 'SELECT id, password_hash FROM admin WHERE account = ?';
const STILL_THE_SAME = 'SELECT id FROM admin WHERE id = ? AND password_hash = ? FOR UPDATE';
const OPEN = 'INSERT INTO admin_session (token_hash, admin_id, expires_at) VALUES (?, ?, ?)';
const END = 'DELETE FROM admin_session WHERE token_hash = ?';
const ACCOUNT_OF =
  'SELECT a.account FROM admin_session s JOIN admin a ON a.id = s.admin_id WHERE s.token_hash = ? AND s.expires_at > ?';
const PRUNE = 'DELETE FROM admin_session WHERE expires_at <= ? LIMIT 1000';

/** Administrators' logins: a random text in a cookie, its hash in the database, an hour. */
@Injectable()
export class AdminAuthService {
  constructor(
    private readonly transactor: Transactor,
    private readonly statements: Statements,
    private readonly throttling: ThrottlingService,
    private readonly audit: AuditService,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a new session and ends the one that came along: a text that was known before the login is worth nothing.
   *
   * @returns what the cookie is to hold
   * @throws TooManyRequests; WrongAdminCredentials
   */
  async login(login: AdminLogin): Promise<string> {
    // The database takes no notice of blanks at the end: each of them would be worth another five tries.
    const account = login.account.normalize('NFC').replace(/ +$/, '');
    await this.throttling.count('adminLogin', account, networkOf(login.address));
    const [admin] = await this.statements.select<AdminRow>(BY_ACCOUNT, [account]);
    const isRight = await isPassword(admin?.password_hash, login.password);
    if (admin === undefined || !isRight) throw new WrongAdminCredentials();
    const token = drawSecretText();
    await this.transactor.write(async (em) => {
      await this.open(em, admin, token);
      if (login.session !== undefined) await em.query(END, [login.session]);
      await this.audit.noteIn(em, { account, address: login.address, request: 'POST /api/admin/login' });
    });
    return token;
  }

  /** Ends a session, if it lives. */
  async logout(session: Buffer | undefined, address: string | undefined): Promise<void> {
    if (session === undefined) return;
    await this.transactor.write(async (em) => {
      const rows = (await em.query(`${ACCOUNT_OF} FOR UPDATE`, [session, this.clock.now()])) as AccountRow[];
      const account = rows[0]?.account;
      if (account === undefined) return;
      await em.query(END, [session]);
      await this.audit.noteIn(em, { account, address, request: 'POST /api/admin/logout' });
    });
  }

  /** @returns whose living session it is; `undefined` when it is none */
  async findAccount(session: Buffer | undefined): Promise<string | undefined> {
    if (session === undefined) return undefined;
    const [row] = await this.statements.select<AccountRow>(ACCOUNT_OF, [session, this.clock.now()]);
    return row?.account;
  }

  /** Forgets sessions and lines of the trail that have run out, a bounded number at a time. */
  async prune(now: Date): Promise<void> {
    await this.statements.update(PRUNE, [now]);
    await this.audit.prune(now);
  }

  /** The password may have been replaced, and all sessions ended, while this one was being checked. */
  private async open(em: EntityManager, { id, password_hash }: AdminRow, token: string): Promise<void> {
    const [admin] = (await em.query(STILL_THE_SAME, [id, password_hash])) as unknown[];
    if (admin === undefined) throw new WrongAdminCredentials();
    const expiresAt = new Date(this.clock.now().getTime() + LIMITS.adminSessionMs);
    await em.query(OPEN, [hashSecretText(token), id, expiresAt]);
  }
}
