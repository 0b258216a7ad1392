import { STEPS } from '@app/pomodoro';
import { isAbandoned, toProgressStep, toShownStep, toStudyStep } from './study.rules';

const DAY_MS = 24 * 60 * 60 * 1_000;
const NOON = Date.UTC(2026, 2, 3, 12);

describe('the step of a study on the wire', () => {
  it.each([
    ['WAITING', 'waiting', 'planning', 'waiting'],
    ['PLANNING', 'inProgress', 'planning', 'planning'],
    ['STUDYING', 'inProgress', 'studying', 'studying'],
    ['RETROSPECT', 'inProgress', 'retrospect', 'retrospect'],
    ['DONE', 'done', 'retrospect', 'done'],
  ] as const)('%s is %s as studyStep, %s on the page of the study and %s in /progress', (step, ...shown) => {
    expect([toStudyStep(step), toShownStep(step), toProgressStep(step)]).toEqual(shown);
  });

  it('is never waiting or done on the page of the study, which has no picture of those', () => {
    expect(STEPS.map(toShownStep)).not.toContain('waiting');
    expect(STEPS.map(toShownStep)).not.toContain('done');
  });
});

describe('an empty lobby', () => {
  it.each([
    [0, false],
    [DAY_MS - 1, false],
    [DAY_MS, true],
    [DAY_MS + 1, true],
  ])('that has stood empty for %i ms is abandoned: %s', (emptyMs, abandoned) => {
    expect(isAbandoned('WAITING', NOON - emptyMs, NOON, DAY_MS)).toBe(abandoned);
  });

  it('is not abandoned by a clock that was set back', () => {
    expect(isAbandoned('WAITING', NOON + DAY_MS, NOON, DAY_MS)).toBe(false);
  });

  it('is never abandoned while somebody is in it', () => {
    expect(isAbandoned('WAITING', null, NOON, DAY_MS)).toBe(false);
  });

  it.each(['PLANNING', 'STUDYING', 'RETROSPECT', 'DONE'] as const)(
    'is a matter of the lobby alone: %s is not abandoned',
    (step) => {
      expect(isAbandoned(step, 0, NOON, DAY_MS)).toBe(false);
    },
  );
});
