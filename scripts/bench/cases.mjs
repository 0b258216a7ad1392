// @ts-check
import { isDeepStrictEqual } from 'node:util';
import { Problem } from '../lib/problem.mjs';

/** @typedef {import('./people.mjs').Person} Person */

/**
 * One request as it goes to both servers, the same bytes to each.
 *
 * @typedef {{ method: string, path: string, headers: Record<string, string>, body?: string }} Call
 */

/** @typedef {{ name: string, callsOf: (person: Person) => Call[] }} Case */

/** @param {Person} person our API asks who it is by the token; the raw server takes the other header's word */
const headersOf = ({ token, memberId }) => ({
  authorization: `Bearer ${token}`,
  'content-type': 'application/json',
  'x-member': String(memberId),
});

/** @param {Person} person @returns {Call} the poll of everybody who is not the host */
export const poll = (person) => ({
  method: 'GET',
  path: `/api/v2/progress?studyId=${person.studyId}`,
  headers: headersOf(person),
});

/** @param {Person} person @returns {Call} the same by one who holds the answer already, as browsers do */
const pollAgain = (person) => {
  const call = poll(person);
  return { ...call, headers: { ...call.headers, 'if-none-match': person.tag } };
};

/** @param {Person} person @returns {Call} */
const readStudy = (person) => ({
  method: 'GET',
  path: `/api/v2/studies/${person.studyId}`,
  headers: headersOf(person),
});

/** @param {Person} person @param {string} toDo @returns {Call} */
function writePlan(person, toDo) {
  const more = { expectedProbability: '', expectedDifficulty: '', whatCanYouDo: '' };
  const plan = { toDo, completionCondition: '테스트를 모두 통과한다', ...more };
  return {
    method: 'POST',
    path: `/api/v2/studies/${person.studyId}/contents/write-plan`,
    headers: headersOf(person),
    body: JSON.stringify({ participantId: person.participantId, plan }),
  };
}

/** @type {readonly Case[]} */
export const CASES = [
  { name: 'GET /api/v2/progress', callsOf: (person) => [poll(person)] },
  { name: 'GET /api/v2/progress, 304', callsOf: (person) => [pollAgain(person)] },
  {
    name: 'POST /api/v2/studies/{id}/contents/write-plan',
    // Two plans in turn: the database would notice that a second one is the same and write nothing.
    callsOf: (person) => [
      writePlan(person, 'B-Tree 삭제 구현하기'),
      writePlan(person, 'B-Tree 삽입 구현하기'),
    ],
  },
  { name: 'GET /api/v2/studies/{id}', callsOf: (person) => [readStudy(person)] },
];

/**
 * Makes sure that two servers do the same before their speed is compared.
 *
 * @param {readonly string[]} origins
 * @param {Person} person
 * @throws {Problem} when an answer is neither 200 nor 304, or not that of the first
 */
export async function checkSameAnswers(origins, person) {
  for (const call of CASES.flatMap(({ callsOf }) => callsOf(person))) {
    const answers = await Promise.all(origins.map((origin) => answerOf(origin, call)));
    const odd = answers.find(
      (answer) => ![200, 304].includes(answer.status) || !isDeepStrictEqual(answer, answers[0]),
    );
    if (odd === undefined) continue;
    throw new Problem(
      `The servers differ on ${call.method} ${call.path}:\n${JSON.stringify(answers, null, 2)}`,
    );
  }
}

/** @param {string} origin @param {Call} call */
async function answerOf(origin, { method, path, headers, body }) {
  const response = await fetch(origin + path, { method, headers, body });
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : JSON.parse(text) };
}
