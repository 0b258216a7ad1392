// @ts-check
import { cpus } from 'node:os';
import { parseArgs } from 'node:util';
import { createConnection } from 'mysql2/promise';
import { Problem, say } from '../lib/problem.mjs';
import { openLab } from './lab.mjs';
import { enrol } from './people.mjs';
import { align, median } from './table.mjs';
import { HttpClient } from './http-client.mjs';

export const RECORDS_USAGE = `npm run bench -- records [options]

The records of one member with very many studies, over HTTP, one request at a time.

  --studies <n>  studies of the member (1000000)
  --depth <n>    pages read on before the deep page is measured, by cursor, each one (10000)
  --repeats <n>  measurements of each request, interleaved; medians are shown (200)
  --json         end with one line: a JSON array of {"name","medianMs","p99Ms","ratioToFirst"}`;

const PAGE = 20;
/** Ten minutes between two studies: a month of the calendar then holds more than anybody's would, and not too much. */
const APART_MIN = 10;
const SEED_BATCH = 50_000;
const WARM_UP = 20;

/** @typedef {{ name: string, medianMs: number, p99Ms: number, ratioToFirst: number }} Row */

/**
 * @param {readonly string[]} argv
 * @throws {Problem} when a request fails
 */
export async function benchRecords(argv) {
  const { studies, depth, repeats, json, help } = optionsOf(argv);
  if (help) return void process.stdout.write(`${RECORDS_USAGE}\n`);
  if (depth * PAGE >= studies)
    throw new Problem(`--depth ${depth} is beyond the end of --studies ${studies}`);
  const lab = await openLab();
  try {
    const api = await lab.startApi();
    const [person] = await enrol(api.origin, 1);
    if (person === undefined) throw new Problem('nobody was enrolled');
    say(`Node ${process.version}, ${cpus().length} cores; seeding ${studies.toLocaleString('en')} studies`);
    await seed(lab.databaseUrl, person.memberId, studies);
    const client = await clientOf(api.origin, person.token);
    const rows = await measure(client, await requestsOf(client, person.memberId, depth), repeats);
    client.close();
    process.stdout.write(`${json ? JSON.stringify(rows) : tableOf(rows)}\n`);
  } finally {
    await lab.close();
  }
}

/** @param {readonly string[]} argv */
function optionsOf(argv) {
  const { values } = parseArgs({
    args: [...argv],
    options: {
      studies: { type: 'string', default: '1000000' },
      depth: { type: 'string', default: '10000' },
      repeats: { type: 'string', default: '200' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  const { json, help } = values;
  const [studies, depth, repeats] = [values.studies, values.depth, values.repeats].map(Number);
  return { studies: studies ?? NaN, depth: depth ?? NaN, repeats: repeats ?? NaN, json, help };
}

/**
 * Studies of one cycle that are over, one every ten minutes, the newest now, with their history and what was written.
 *
 * @param {string} url
 * @param {number} memberId
 * @param {number} count
 */
async function seed(url, memberId, count) {
  const { socketPath, user, database } = addressOf(url);
  const connection = await createConnection({ socketPath, user, database, timezone: 'Z' });
  const [rows] = await connection.query('SELECT MAX(id) AS id FROM study');
  const last = Number(/** @type {{ id: number }[]} */ (rows)[0]?.id ?? 0);
  const now = new Date();
  for (let from = 1; from <= count; from += SEED_BATCH) {
    const range = [last + from, last + Math.min(from + SEED_BATCH - 1, count)];
    await connection.query(
      'INSERT INTO study (id, name, total_cycle, time_per_cycle, current_cycle, step, step_started_at, sequence, created_at) ' +
        `SELECT seq, '알고리즘', 1, 25, 1, 'DONE', ?, 4, ? - INTERVAL (? - seq) * ${APART_MIN} MINUTE FROM seq_1_to_100000000 WHERE seq BETWEEN ? AND ?`,
      [now, now, last + count, ...range],
    );
    await connection.query(
      'INSERT INTO participant (study_id, member_id, nickname, is_host, created_at, study_created_at) ' +
        "SELECT id, ?, '루나', 1, created_at, created_at FROM study WHERE id BETWEEN ? AND ?",
      [memberId, ...range],
    );
    await connection.query(
      'INSERT INTO study_transition (study_id, sequence, step, cycle, at) SELECT s.id, t.seq, ' +
        "ELT(t.seq, 'PLANNING', 'STUDYING', 'RETROSPECT', 'DONE'), 1, s.created_at FROM study s JOIN seq_1_to_4 t WHERE s.id BETWEEN ? AND ?",
      range,
    );
    await connection.query(
      "INSERT INTO content (participant_id, cycle, plan) SELECT p.id, 1, '{}' FROM participant p WHERE p.study_id BETWEEN ? AND ?",
      range,
    );
  }
  await connection.query('ANALYZE TABLE study, participant, study_transition, content');
  await connection.end();
}

/** @param {string} url */
function addressOf(url) {
  const { username, pathname, searchParams } = new URL(url);
  const socketPath = searchParams.get('socketPath') ?? undefined;
  return { socketPath, user: decodeURIComponent(username), database: pathname.slice(1) };
}

/** @typedef {{ get: (path: string) => Promise<string>, close: () => void }} Client */

/** @param {string} origin @param {string} token @returns {Promise<Client>} */
async function clientOf(origin, token) {
  const http = new HttpClient(Number(new URL(origin).port));
  await http.connected();
  const headers = `Host: localhost\r\nAuthorization: Bearer ${token}\r\n`;
  return {
    close: () => http.close(),
    get: async (path) => {
      const { status, body } = await http.send(`GET ${path} HTTP/1.1\r\n${headers}\r\n`);
      if (status !== 200) throw new Problem(`GET ${path} answered ${status}: ${body.slice(0, 300)}`);
      return body;
    },
  };
}

/**
 * @param {Client} client
 * @param {number} memberId
 * @param {number} depth
 * @returns {Promise<readonly (readonly [name: string, path: string])[]>} the first is what the others are compared with
 */
async function requestsOf(client, memberId, depth) {
  const list = `/api/v2/me/study-records?limit=${PAGE}`;
  say(`reading on through ${depth.toLocaleString('en')} pages`);
  let deep = list;
  for (let page = 0; page < depth; page += 1)
    deep = `${list}&cursor=${JSON.parse(await client.get(deep)).nextCursor}`;
  const view = `/api/v2/view/study-records?memberId=${memberId}&size=${PAGE}&sort=createdDate,desc`;
  const month = [40, 10].map((ago) => new Date(Date.now() - ago * 86_400_000).toISOString().slice(0, 10));
  const days = `startDate=${month[0]}&endDate=${month[1]}`;
  const at = depth.toLocaleString('en');
  return [
    ['by cursor, the first page', list],
    [`by cursor, page ${at}`, deep],
    ['by number, the first page', `${view}&page=0`],
    [`by number, page ${at}`, `${view}&page=${depth}`],
    ['by number, the first page of a month', `${view}&page=0&${days}`],
    ['calendar, 31 days of 144 studies', `/api/v2/view/calendar/study-records?memberId=${memberId}&${days}`],
  ];
}

/**
 * Each request in turn: what disturbs the machine disturbs all of them.
 *
 * @param {Client} client
 * @param {readonly (readonly [name: string, path: string])[]} requests
 * @param {number} repeats
 * @returns {Promise<Row[]>}
 */
async function measure(client, requests, repeats) {
  /** @type {number[][]} */
  const timesMs = requests.map(() => []);
  for (let round = -WARM_UP; round < repeats; round += 1) {
    for (const [n, [, path]] of requests.entries()) {
      const sentAt = performance.now();
      await client.get(path);
      if (round >= 0) timesMs[n]?.push(performance.now() - sentAt);
    }
  }
  const firstMs = median(timesMs[0] ?? []);
  return requests.map(([name], n) => {
    const sorted = [...(timesMs[n] ?? [])].sort((a, b) => a - b);
    const medianMs = median(sorted);
    const p99Ms = sorted[Math.floor(sorted.length * 0.99)] ?? NaN;
    return {
      name,
      medianMs: round2(medianMs),
      p99Ms: round2(p99Ms),
      ratioToFirst: round2(medianMs / firstMs),
    };
  });
}

const round2 = (/** @type {number} */ value) => Number(value.toFixed(2));

/** @param {readonly Row[]} rows */
function tableOf(rows) {
  const cells = rows.map(({ name, medianMs, p99Ms, ratioToFirst }) => [
    name,
    medianMs.toFixed(2),
    p99Ms.toFixed(2),
    ratioToFirst.toFixed(2),
  ]);
  return align([['', 'median ms', 'p99 ms', 'of first'], ...cells]);
}
