import type { RowDataPacket } from 'mysql2/promise';
import { waitFor } from '../../scripts/lib/wait.mjs';
import type { TestApi } from './api';

/** The server takes a new look at its locks only when nobody has asked for 100 ms. */
const EVERY_MS = 120;

/**
 * Changes a row in a transaction that stays open, so that others must wait for it.
 *
 * @param sql a statement that changes it
 * @returns ends the transaction, once somebody does wait
 */
export async function holdRow(
  api: Pick<TestApi, 'connect'>,
  sql: string,
  parameters: readonly (string | number | Date)[],
): Promise<() => Promise<void>> {
  const connection = await api.connect();
  await connection.beginTransaction();
  await connection.query(sql, [...parameters]);
  const isAwaited = async (): Promise<boolean> => {
    const [rows] = await connection.query<RowDataPacket[]>(
      'SELECT 1 FROM information_schema.INNODB_LOCK_WAITS',
    );
    return rows.length > 0;
  };
  return async () => {
    await waitFor(isAwaited, { timeoutMs: 10_000, everyMs: EVERY_MS, what: 'somebody to wait for the row' });
    await connection.commit();
    await connection.end();
  };
}
