import {
  advance,
  isRunning,
  START,
  StudyAlreadyDone,
  STEPS,
  TOTAL_CYCLE,
  type Progress,
} from './step-machine';

function walk(totalCycle: number): Progress[] {
  const seen: Progress[] = [START];
  for (let at = START; at.step !== 'DONE'; seen.push(at)) at = advance(at, totalCycle);
  return seen;
}

describe('the step machine', () => {
  it('walks one cycle from the lobby to the end', () => {
    expect(walk(1)).toEqual([
      { step: 'WAITING', cycle: 1 },
      { step: 'PLANNING', cycle: 1 },
      { step: 'STUDYING', cycle: 1 },
      { step: 'RETROSPECT', cycle: 1 },
      { step: 'DONE', cycle: 1 },
    ]);
  });

  it('plans, studies and looks back once in each cycle, for every number of cycles', () => {
    for (let totalCycle = TOTAL_CYCLE.min; totalCycle <= TOTAL_CYCLE.max; totalCycle += 1) {
      const path = walk(totalCycle);
      expect(path).toHaveLength(2 + 3 * totalCycle);
      for (let cycle = 1; cycle <= totalCycle; cycle += 1) {
        expect(path.slice(3 * cycle - 2, 3 * cycle + 1)).toEqual([
          { step: 'PLANNING', cycle },
          { step: 'STUDYING', cycle },
          { step: 'RETROSPECT', cycle },
        ]);
      }
    }
  });

  it('keeps the last cycle when the study ends', () => {
    expect(advance({ step: 'RETROSPECT', cycle: 8 }, 8)).toEqual({ step: 'DONE', cycle: 8 });
    expect(advance({ step: 'RETROSPECT', cycle: 7 }, 8)).toEqual({ step: 'PLANNING', cycle: 8 });
  });

  it('refuses to go past the end', () => {
    expect(() => advance({ step: 'DONE', cycle: 2 }, 2)).toThrow(StudyAlreadyDone);
  });

  it('reaches every step', () => {
    expect(new Set(walk(2).map(({ step }) => step))).toEqual(new Set(STEPS));
  });

  it('counts a study as running between the lobby and the end', () => {
    expect(STEPS.filter(isRunning)).toEqual(['PLANNING', 'STUDYING', 'RETROSPECT']);
  });
});
