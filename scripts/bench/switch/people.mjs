// @ts-check
import { enrol } from '../people.mjs';

/** @typedef {import('./load.mjs').Client} Client */
/** @typedef {import('../people.mjs').Person} Person */

/** What became of each write, by its unique id, as its client saw it. */
export class WriteLog {
  /** @type {Map<string, 'answered' | 'failed'>} */
  #outcomes = new Map();

  /** @param {string} id @param {'answered' | 'failed'} outcome */
  note(id, outcome) {
    this.#outcomes.set(id, outcome);
  }

  /** @returns {ReadonlyMap<string, 'answered' | 'failed'>} */
  get outcomes() {
    return this.#outcomes;
  }
}

/**
 * Makes the crowd: half of it reads its progress, half writes its plan, each in a solo study of its own.
 *
 * @param {string} origin
 * @param {number} count
 * @param {WriteLog} log
 * @returns {Promise<Client[]>}
 */
export async function makeCrowd(origin, count, log) {
  const people = await enrol(origin, count);
  return people.map((person, index) => (index % 2 === 0 ? reader(person) : writer(person, log)));
}

/** @param {Person} person @returns {Client} */
export function reader({ token, studyId }) {
  return {
    next: () => ({ method: 'GET', path: `/api/v2/progress?studyId=${studyId}`, token }),
    judge({ status, body }) {
      if (status !== 200) return `status ${status}: ${body.slice(0, 200)}`;
      return body.includes('"planning"') ? undefined : `wrong body: ${body.slice(0, 200)}`;
    },
  };
}

/**
 * Each write carries an id of its own, so that the database can be asked how often it was executed.
 *
 * @param {Person} person
 * @param {WriteLog} log
 * @returns {Client}
 */
export function writer({ token, studyId, participantId }, log) {
  let count = 0;
  let id = '';
  return {
    next() {
      id = `write-${participantId}-${(count += 1)}`;
      const body = { participantId, plan: planWith(id) };
      return { method: 'POST', path: `/api/v2/studies/${studyId}/contents/write-plan`, token, body };
    },
    judge: ({ status, body }) => (status === 200 ? undefined : `status ${status}: ${body.slice(0, 200)}`),
    settle: (outcome) => log.note(id, outcome),
  };
}

/** @param {string} id */
export function planWith(id) {
  return {
    toDo: id,
    completionCondition: '요청마다 정확히 한 번만 저장된다',
    expectedProbability: '',
    expectedDifficulty: '',
    whatCanYouDo: '',
  };
}
