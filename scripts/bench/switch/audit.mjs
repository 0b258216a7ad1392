// @ts-check
import { createConnection } from 'mysql2/promise';
import { enrol } from '../people.mjs';
import { Problem } from '../../lib/problem.mjs';
import { Connection } from './exchange.mjs';
import { planWith } from './people.mjs';

const TABLE = 'CREATE TABLE harness_write (id INT AUTO_INCREMENT PRIMARY KEY, write_id VARCHAR(64) NOT NULL)';
const TRIGGER =
  'CREATE TRIGGER harness_count_writes AFTER UPDATE ON content FOR EACH ROW ' +
  "INSERT INTO harness_write (write_id) VALUES (JSON_VALUE(NEW.plan, '$.toDo'))";

/**
 * @typedef {object} Verdict
 * @property {number} duplicated writes that were executed more than once
 * @property {number} executedButFailed writes that were executed although their client saw a failure
 * @property {number} lost writes that were answered and never executed
 */

/**
 * Counts every executed write where it happens, in the database: in the same transaction, whatever the servers think
 * that they did.
 *
 * @param {string} databaseUrl of the harness' own database
 */
export async function openAudit(databaseUrl) {
  const connection = await createConnection(databaseUrl);
  await connection.query(TABLE);
  await connection.query(TRIGGER);
  return {
    /** @param {ReadonlyMap<string, 'answered' | 'failed'>} outcomes @returns {Promise<Verdict>} */
    async compare(outcomes) {
      return compare(outcomes, await executions(connection));
    },
    /** @param {string} origin */
    prove: (origin) => prove(origin, connection),
    close: () => connection.end(),
  };
}

/**
 * @param {ReadonlyMap<string, 'answered' | 'failed'>} outcomes
 * @param {ReadonlyMap<string, number>} executed
 * @returns {Verdict}
 */
export function compare(outcomes, executed) {
  const times = (/** @type {string} */ id) => executed.get(id) ?? 0;
  const having = (/** @type {string} */ outcome) =>
    [...outcomes].filter(([, value]) => value === outcome).map(([id]) => id);
  return {
    duplicated: [...outcomes.keys()].filter((id) => times(id) > 1).length,
    executedButFailed: having('failed').filter((id) => times(id) > 0).length,
    lost: having('answered').filter((id) => times(id) === 0).length,
  };
}

/**
 * Proves that the count counts: the same write sent twice is seen twice. A blind harness would find no duplicates.
 *
 * @param {string} origin
 * @param {import('mysql2/promise').Connection} connection
 */
async function prove(origin, connection) {
  const [person] = await enrol(origin, 1);
  if (person === undefined) throw new Problem('nobody could be enrolled');
  const { token, studyId, participantId } = person;
  const id = 'write-proof';
  const client = new Connection(origin);
  const path = `/api/v2/studies/${studyId}/contents/write-plan`;
  const call = /** @type {const} */ ({
    method: 'POST',
    path,
    token,
    body: { participantId, plan: planWith(id) },
  });
  await client.exchange(call);
  await client.exchange(call);
  client.close();
  const verdict = compare(new Map([[id, 'answered']]), await executions(connection));
  if (verdict.duplicated !== 1)
    throw new Problem('The harness does not see a write that was executed twice.');
}

/** @param {import('mysql2/promise').Connection} connection @returns {Promise<Map<string, number>>} */
async function executions(connection) {
  const [rows] = await connection.query(
    'SELECT write_id, COUNT(*) AS times FROM harness_write GROUP BY write_id',
  );
  const found = /** @type {{ write_id: string, times: number }[]} */ (rows);
  return new Map(found.map(({ write_id, times }) => [write_id, Number(times)]));
}
