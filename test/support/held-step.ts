import type { RowDataPacket } from 'mysql2/promise';
import type { TestApi } from './api';
import { waitFor } from './wait';

/** The server takes a new look at its locks only when nobody has asked for 100 ms. */
const PAUSE_MS = 120;

/**
 * Changes the step of a study in a transaction that stays open, so that others must wait for it.
 *
 * @returns ends it, once somebody does wait
 */
export async function holdStep(api: TestApi, studyId: number, step: string): Promise<() => Promise<void>> {
  const connection = await api.connect();
  await connection.beginTransaction();
  await connection.query('UPDATE study SET step = ? WHERE id = ?', [step, studyId]);
  return async () => {
    await waitFor(
      'somebody to wait for the study',
      async () => {
        const [rows] = await connection.query<RowDataPacket[]>(
          'SELECT 1 FROM information_schema.INNODB_LOCK_WAITS',
        );
        return rows.length > 0;
      },
      { pauseMs: PAUSE_MS },
    );
    await connection.commit();
    await connection.end();
  };
}
