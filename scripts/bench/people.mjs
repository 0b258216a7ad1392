// @ts-check
import { Problem } from '../lib/problem.mjs';

/** How many are enrolled at a time. */
const AT_ONCE = 20;

/**
 * A guest who has started a solo study, which is in PLANNING.
 *
 * @typedef {object} Person
 * @property {string} token
 * @property {number} memberId
 * @property {number} studyId
 * @property {number} participantId
 * @property {string} tag `ETag` of the step that the study is in
 */

/**
 * Enrols people over HTTP, as the product does.
 *
 * @param {string} origin of the API
 * @param {number} count
 * @returns {Promise<Person[]>}
 * @throws {Problem} when the API refuses one
 */
export async function enrol(origin, count) {
  /** @type {Person[]} */
  const people = [];
  while (people.length < count) {
    const batch = Array.from({ length: Math.min(AT_ONCE, count - people.length) }, () => enrolOne(origin));
    people.push(...(await Promise.all(batch)));
  }
  return people;
}

/**
 * Somebody who polls.
 *
 * @typedef {{ token: string, path: string, everyMs: number }} Poller
 */

/**
 * Enrols groups: in every other one the lobby stays open, the rest study.
 *
 * @param {string} origin of the API
 * @param {number} groups
 * @param {number} size of each
 * @returns {Promise<Poller[]>} in no order
 * @throws {Problem} when the API refuses one
 */
export async function enrolGroups(origin, groups, size) {
  /** @type {Poller[]} */
  const pollers = [];
  for (let group = 0; group < groups; group += AT_ONCE) {
    const batch = Array.from({ length: Math.min(AT_ONCE, groups - group) }, (_, n) =>
      enrolGroup(origin, size, (group + n) % 2 === 0),
    );
    pollers.push(...(await Promise.all(batch)).flat());
  }
  return pollers;
}

/** @param {string} origin @param {number} size @param {boolean} hasStarted @returns {Promise<Poller[]>} */
async function enrolGroup(origin, size, hasStarted) {
  const tokens = [];
  for (let n = 0; n < size; n += 1)
    tokens.push((await call(origin, 'POST', '/api/v2/auth/guest')).accessToken);
  const [host = ''] = tokens;
  const form = { name: '알고리즘', totalCycle: 8, timePerCycle: 60 };
  const { location } = await call(origin, 'POST', '/api/v2/studies', host, form);
  await join(origin, location, host, '방장');
  const studyId = Number(location.split('/').at(-1));
  const { participantCode } = await call(origin, 'GET', `/api/v2/participant-codes?studyId=${studyId}`, host);
  for (const token of tokens.slice(1)) {
    await call(origin, 'GET', `/api/v2/studies?participantCode=${participantCode}`, token);
    await join(origin, location, token, '루나');
  }
  if (hasStarted) await call(origin, 'POST', `${location}/next-step`, host);
  const path = `/api/v2/${hasStarted ? 'progress' : 'waiting'}?studyId=${studyId}`;
  return tokens.map((token) => ({ token, path, everyMs: hasStarted ? 3_000 : 2_000 }));
}

/** @param {string} origin @param {string} study its path @param {string} token @param {string} nickname */
async function join(origin, study, token, nickname) {
  const { memberId } = await call(origin, 'GET', '/api/v2/me', token);
  await call(origin, 'POST', `${study}/participants`, token, { memberId, nickname });
}

/** @param {string} origin @returns {Promise<Person>} */
async function enrolOne(origin) {
  const { accessToken: token } = await call(origin, 'POST', '/api/v2/auth/guest');
  const { memberId } = await call(origin, 'GET', '/api/v2/me', token);
  const plan = { totalCycle: 8, timePerCycle: 60 };
  const { studyId, participantId } = await call(origin, 'POST', '/api/v2/solo-studies', token, plan);
  const polled = await fetch(`${origin}/api/v2/progress?studyId=${studyId}`, { headers: headersOf(token) });
  return { token, memberId, studyId, participantId, tag: polled.headers.get('etag') ?? '' };
}

/** @param {string} [token] @returns {Record<string, string>} */
const headersOf = (token) => ({
  'content-type': 'application/json',
  ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
});

/**
 * @param {string} origin
 * @param {string} method
 * @param {string} path
 * @param {string} [token]
 * @param {object} [body]
 * @returns {Promise<any>} the body; the `Location` where there is none
 */
async function call(origin, method, path, token, body) {
  const init = { method, headers: headersOf(token), body: body && JSON.stringify(body) };
  const response = await fetch(origin + path, init);
  const text = await response.text();
  if (!response.ok) throw new Problem(`${method} ${path} answered ${response.status}: ${text}`);
  return text === '' ? { location: response.headers.get('location') } : JSON.parse(text);
}
