// @ts-check
import { createServer } from 'node:http';
import mysql from 'mysql2';

/**
 * The limit that a server in Node can reach: node:http and one prepared statement a request. It knows nobody (the
 * member comes in a header), logs nothing and counts nothing, but asks the database the same questions.
 */
const PROGRESS = `SELECT study.step, participant.id AS participantId FROM study
  LEFT JOIN participant ON participant.study_id = study.id AND participant.member_id = ? WHERE study.id = ?`;
const STUDY = `SELECT study.*, participant.id AS participantId FROM study
  LEFT JOIN participant ON participant.study_id = study.id AND participant.member_id = ? WHERE study.id = ?`;
const WRITE_PLAN = `UPDATE content
  JOIN participant ON participant.id = content.participant_id
  JOIN study ON study.id = participant.study_id AND study.current_cycle = content.cycle
  SET content.plan = ?
  WHERE participant.id = ? AND participant.member_id = ? AND study.id = ? AND study.step = 'PLANNING'`;

const address = new URL(process.env.DATABASE_URL ?? '');
const pool = mysql.createPool({
  socketPath: address.searchParams.get('socketPath') ?? undefined,
  user: address.username,
  database: address.pathname.slice(1),
  timezone: 'Z',
  connectionLimit: Number(process.env.DATABASE_POOL_SIZE),
});

/** @typedef {import('node:http').IncomingMessage} Request */
/** @typedef {import('node:http').ServerResponse} Response */

/**
 * @param {Response} response
 * @param {number} status
 * @param {object} [body]
 */
function answer(response, status, body) {
  const text = body === undefined ? '' : JSON.stringify(body);
  response.writeHead(status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
  });
  response.end(text);
}

/**
 * @param {Response} response
 * @param {string} sql
 * @param {string[]} values
 * @param {(rows: mysql.RowDataPacket[]) => object | undefined} toBody undefined: there is no such thing
 * @param {boolean} [isHeld] the caller holds the answer: it is taken at its word
 */
function ask(response, sql, values, toBody, isHeld = false) {
  pool.execute(sql, values, (error, result) => {
    const body = error ? undefined : toBody(/** @type {mysql.RowDataPacket[]} */ (result));
    if (body === undefined) answer(response, error ? 500 : 404);
    else if (isHeld) response.writeHead(304).end();
    else answer(response, 200, body);
  });
}

/** @param {mysql.RowDataPacket[]} rows */
const toProgress = ([row]) => (row?.participantId ? { progressStep: row.step.toLowerCase() } : undefined);

/** @param {mysql.RowDataPacket[]} rows */
function toStudy([row]) {
  if (!row?.participantId) return undefined;
  return {
    studyId: row.id,
    name: row.name,
    totalCycle: row.total_cycle,
    timePerCycle: row.time_per_cycle,
    currentCycle: row.current_cycle,
    studyStep: 'inProgress',
    progressStep: row.step.toLowerCase(),
    createdDate: row.created_at.toISOString(),
    lastModifiedDate: row.step_started_at.toISOString(),
  };
}

/** @param {Request} request @param {Response} response @param {string} member @param {string} study */
function writePlan(request, response, member, study) {
  let text = '';
  request.on('data', (chunk) => (text += chunk));
  request.on('end', () => {
    const { participantId, plan } = JSON.parse(text);
    const values = [JSON.stringify(plan), participantId, member, study];
    pool.execute(WRITE_PLAN, values, (error, result) => {
      const isWritten = !error && /** @type {mysql.ResultSetHeader} */ (result).affectedRows === 1;
      answer(response, isWritten ? 200 : 500);
    });
  });
}

const server = createServer((request, response) => {
  const url = request.url ?? '';
  const member = String(request.headers['x-member']);
  if (url.startsWith('/api/v2/progress?studyId=')) {
    const values = [member, url.slice('/api/v2/progress?studyId='.length)];
    return ask(response, PROGRESS, values, toProgress, request.headers['if-none-match'] !== undefined);
  }
  const [study = '', ...rest] = url.slice('/api/v2/studies/'.length).split('/');
  if (rest.length > 0) return writePlan(request, response, member, study);
  return ask(response, STUDY, [member, study], toStudy);
});

const socketPath = process.env.SOCKET_PATH;
const place = socketPath ? { path: socketPath } : { host: '127.0.0.1', port: Number(process.env.PORT) };
server.listen({ ...place, backlog: 4096 }, () => {
  const bound = server.address();
  const at = typeof bound === 'object' && bound ? `http://127.0.0.1:${bound.port}` : bound;
  process.stdout.write(`${JSON.stringify({ msg: 'listening', address: at })}\n`);
});
process.once('SIGTERM', () => process.exit(0));
