import { verdictOf } from '../../scripts/lib/jest.mjs';

const counts = (some: Partial<Record<string, number>>) => ({
  numPassedTests: 0,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
  ...some,
});

describe('the verdict of npm test', () => {
  it('counts a file that cannot be loaded as a failure', () => {
    const outcome = { ended: 'code 1', counts: counts({ numPassedTests: 3, numRuntimeErrorTestSuites: 1 }) };
    expect(verdictOf(outcome)).toMatchObject({ passed: 3, failed: 1, skipped: 0 });
  });

  it('counts a failing clean-up as a failure', () => {
    const outcome = { ended: 'code 1', counts: counts({ numPassedTests: 3 }) };
    expect(verdictOf(outcome)).toMatchObject({ passed: 3, failed: 1 });
  });

  it('counts a jest that died as a failure', () => {
    expect(verdictOf({ ended: 'SIGKILL', counts: undefined })).toMatchObject({ passed: 0, failed: 1 });
  });

  it('names what was skipped', () => {
    const outcome = {
      ended: 'code 0',
      counts: counts({ numPassedTests: 3, numPendingTests: 1, numTodoTests: 1 }),
    };
    expect(verdictOf(outcome)).toMatchObject({ passed: 3, failed: 0, skipped: 2, reason: undefined });
  });

  it('says when nothing ran', () => {
    expect(verdictOf({ ended: 'code 1', counts: counts({}) }).reason).toBe('No test ran.');
  });
});
