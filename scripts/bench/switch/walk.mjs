// @ts-check
import { Connection } from './exchange.mjs';
import { fail } from './load.mjs';

const STEPS = /** @type {const} */ ([
  ['planning', 1],
  ['studying', 1],
  ['retrospect', 1],
  ['planning', 2],
  ['studying', 2],
  ['retrospect', 2],
]);

/** Steps of a 2-cycle study: in each of them something can happen. */
export const STEP_COUNT = STEPS.length;

/**
 * One person goes through a whole 2-cycle solo study, writes what belongs to each step, and moves on when `during`
 * is over.
 *
 * @param {string} origin
 * @param {import('./load.mjs').Tally} tally
 * @param {(step: string, index: number) => Promise<void>} during what happens in a step
 */
export async function walkThroughStudy(origin, tally, during) {
  const person = await begin(origin, tally);
  for (const [index, [step, cycle]] of STEPS.entries()) {
    await expectStep(person, step, cycle);
    await during(`${step} ${cycle}`, index);
    await expectStep(person, step, cycle);
    await write(person, step);
    const body = { expectedStep: step, expectedCycle: cycle };
    await person.call('POST', `/studies/${person.studyId}/next-step`, 204, body);
  }
  await expectStep(person, 'done', 2);
  person.close();
}

/** @typedef {Awaited<ReturnType<typeof begin>>} Walker */

/** @param {string} origin @param {import('./load.mjs').Tally} tally */
async function begin(origin, tally) {
  const connection = new Connection(origin);
  let token = '';
  /** @param {'GET' | 'POST'} method @param {string} path @param {number} wanted @param {object} [body] */
  const call = async (method, path, wanted, body) => {
    tally.requests += 1;
    const answer = await connection
      .exchange({ method, path: `/api/v2${path}`, token: token || undefined, body })
      .catch((error) => ({ status: 0, body: String(error) }));
    if (answer.status !== wanted) fail(tally, `walker: ${method} ${path}: ${answer.status} ${answer.body}`);
    return answer.body === '' || answer.status !== wanted ? {} : JSON.parse(answer.body);
  };
  ({ accessToken: token } = await call('POST', '/auth/guest', 200));
  const study = await call('POST', '/solo-studies', 201, { totalCycle: 2, timePerCycle: 25 });
  const wrong = (/** @type {string} */ problem) => fail(tally, `walker: ${problem}`);
  return { ...study, call, wrong, close: () => connection.close() };
}

/** @param {Walker} person @param {string} step @param {number} cycle */
async function expectStep({ call, wrong, studyId }, step, cycle) {
  const { studyStep, progressStep, currentCycle } = await call('GET', `/studies/${studyId}`, 200);
  const found = studyStep === 'done' ? 'done' : progressStep;
  if (found !== step || currentCycle !== cycle) wrong(`found ${found} ${currentCycle}, not ${step} ${cycle}`);
}

/** @param {Walker} person @param {string} step */
async function write({ call, studyId, participantId }, step) {
  const path = `/studies/${studyId}/contents`;
  if (step === 'planning') {
    const plan = { toDo: '배포 중에 공부하기', completionCondition: '아무것도 잃지 않는다' };
    await call('POST', `${path}/write-plan`, 200, { participantId, plan });
  }
  if (step === 'retrospect') {
    const retrospect = { doneAsExpected: '스위치 중에도 끝까지 했다' };
    await call('POST', `${path}/write-retrospect`, 200, { participantId, retrospect });
  }
}
