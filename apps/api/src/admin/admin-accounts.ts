import { isDuplicate, type Transactor } from '@app/database';
import { hashPassword } from './admin-password';

/** What became of an account. */
export type AccountOutcome = 'made' | 'replaced' | 'exists' | 'unknown';

interface Credentials {
  readonly account: string;
  readonly password: string;
}

const ADD = 'INSERT INTO admin (account, password_hash, created_at) VALUES (?, ?, ?)';
const REPLACE = 'UPDATE admin SET password_hash = ? WHERE account = ?';
const END_SESSIONS = 'DELETE s FROM admin_session s JOIN admin a ON a.id = s.admin_id WHERE a.account = ?';

/** @returns `exists` when there is one of this name already, which stays as it is */
export async function addAdmin(
  transactor: Transactor,
  { account, password }: Credentials,
  now: Date,
): Promise<AccountOutcome> {
  const hash = await hashPassword(password);
  try {
    await transactor.write((em) => em.query(ADD, [account, hash, now]));
    return 'made';
  } catch (error) {
    if (isDuplicate(error, 'admin_account')) return 'exists';
    throw error;
  }
}

/** Gives an account another password and ends its sessions. @returns `unknown` when there is none of this name */
export async function replaceAdminPassword(
  transactor: Transactor,
  { account, password }: Credentials,
): Promise<AccountOutcome> {
  const hash = await hashPassword(password);
  return transactor.write(async (em) => {
    const { affectedRows } = (await em.query(REPLACE, [hash, account])) as { affectedRows: number };
    if (affectedRows === 0) return 'unknown';
    await em.query(END_SESSIONS, [account]);
    return 'replaced';
  });
}
