// @ts-check
import { createHash, randomBytes } from 'node:crypto';

/** @typedef {import('./load.mjs').Client} Client */
/** @typedef {import('./load.mjs').User} User */
/** @typedef {import('./exchange.mjs').Answer} Answer */
/** @typedef {import('./pace.mjs').Pace} Pace */

/** The rare long request, which the old colour is kept for: one in so many. */
const LONG_ONE_IN = 100;
const USUALLY_SLOW_MS = 1_000;
const PART_EVERY_MS = 50;

/**
 * Everybody who uses the fixture service.
 *
 * @param {Pace} pace
 * @param {import('./ledger.mjs').Ledger} ledger
 * @returns {User[]}
 */
export function fixtureUsers(pace, ledger) {
  const briefly = () => Math.random() * 2 * pace.thinkMs;
  const lazily = () => anyOrderUpTo(pace.lazyMs);
  const id = counter();
  const some = classes(ledger);
  return [
    ...some('get', pace.busy, () => ({ client: reader(), thinkMs: briefly })),
    ...some('post', pace.busy, () => ({ client: writer(ledger.writes, id), thinkMs: briefly })),
    ...some('lazy', pace.lazy, (index) => ({
      client: index % 2 === 0 ? reader() : writer(ledger.writes, id),
      thinkMs: lazily,
    })),
    ...some('slow', pace.slow, () => ({ client: waiter(pace.slowMs), thinkMs: briefly })),
    ...some('upload', pace.uploads, () => ({ client: uploader(pace.uploadKiB), thinkMs: briefly })),
    ...some('stream', pace.streams, () => ({ client: listener(pace.streamMs), thinkMs: briefly })),
    ...some('fresh', pace.fresh, () => ({ client: reader(), thinkMs: briefly, afresh: true })),
  ];
}

/** @param {import('./ledger.mjs').Ledger} ledger */
export function classes(ledger) {
  /**
   * @param {string} name of a load class
   * @param {number} count
   * @param {(index: number) => Omit<User, 'tally'>} make
   */
  return (name, count, make) =>
    Array.from({ length: count }, (_, index) => ({ tally: ledger.of(name), ...make(index) }));
}

/** Short and long pauses are equally likely: from a ms up to the longest. */
export function anyOrderUpTo(/** @type {number} */ longestMs) {
  return longestMs ** Math.random();
}

/** Ids that no other crowd uses: one place may see several. */
function counter() {
  const crowd = randomBytes(4).toString('hex');
  let last = 0;
  return () => `w-${crowd}-${(last += 1)}`;
}

/** @returns {Client} */
export function reader() {
  return {
    next: () => ({ method: 'GET', path: '/api/v2/time' }),
    judge: (answer) => expect(answer, ({ serverNow }) => typeof serverNow === 'string'),
  };
}

/**
 * @param {import('./people.mjs').WriteLog} log
 * @param {() => string} nextId
 * @returns {Client}
 */
export function writer(log, nextId) {
  let id = '';
  return {
    next() {
      id = nextId();
      return { method: 'POST', path: '/api/v2/writes', body: { id } };
    },
    judge: (answer) => expect(answer, (body) => body.id === id, 201),
    settle: (outcome) => log.note(id, outcome),
  };
}

/** @param {number} slowMs @returns {Client} */
function waiter(slowMs) {
  return {
    next() {
      const longest = Math.random() < 1 / LONG_ONE_IN ? slowMs : Math.min(slowMs, USUALLY_SLOW_MS);
      const takesMs = Math.round(Math.random() * longest);
      return { method: 'GET', path: `/api/v2/slow?ms=${takesMs}`, takesMs };
    },
    judge: (answer) => expect(answer, ({ release }) => release === answer.release),
  };
}

/** @param {number} kib @returns {Client} */
function uploader(kib) {
  const upload = randomBytes(kib * 1024);
  const sha256 = createHash('sha256').update(upload).digest('hex');
  return {
    next: () => ({
      method: 'POST',
      path: '/api/v2/upload',
      upload,
      overMs: Math.round(Math.random() * 1_000),
    }),
    judge: (answer) => expect(answer, (body) => body.sha256 === sha256),
  };
}

/** @param {number} forMs @returns {Client} */
function listener(forMs) {
  const parts = Math.ceil(forMs / PART_EVERY_MS);
  const whole = Array.from({ length: parts }, (_, index) => `${index + 1}/${parts}\n`).join('');
  return {
    next: () => ({
      method: 'GET',
      path: `/api/v2/stream?parts=${parts}&ms=${PART_EVERY_MS}`,
      takesMs: parts * PART_EVERY_MS,
    }),
    judge({ status, body }) {
      if (status !== 200) return `status ${status}: ${body.slice(0, 200)}`;
      return body === whole ? undefined : `a stream that is not whole: ${body.slice(-80)}`;
    },
  };
}

/**
 * @param {Answer} answer
 * @param {(body: Record<string, unknown>) => boolean} isRight
 * @param {number} [wanted] status
 */
function expect({ status, body }, isRight, wanted = 200) {
  if (status !== wanted) return `status ${status}: ${body.slice(0, 200)}`;
  try {
    return isRight(JSON.parse(body)) ? undefined : `wrong body: ${body.slice(0, 200)}`;
  } catch {
    return `no JSON: ${body.slice(0, 200)}`;
  }
}
