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

/** @param {string} origin @returns {Promise<Person>} */
async function enrolOne(origin) {
  const { accessToken: token } = await call(origin, 'POST', '/api/v2/auth/guest');
  const { memberId } = await call(origin, 'GET', '/api/v2/me', token);
  const plan = { totalCycle: 8, timePerCycle: 60 };
  const { studyId, participantId } = await call(origin, 'POST', '/api/v2/solo-studies', token, plan);
  return { token, memberId, studyId, participantId };
}

/**
 * @param {string} origin
 * @param {string} method
 * @param {string} path
 * @param {string} [token]
 * @param {object} [body]
 */
async function call(origin, method, path, token, body) {
  const headers = {
    'content-type': 'application/json',
    ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
  };
  const response = await fetch(origin + path, { method, headers, body: body && JSON.stringify(body) });
  const text = await response.text();
  if (!response.ok) throw new Problem(`${method} ${path} answered ${response.status}: ${text}`);
  return JSON.parse(text);
}
