import { stepEndsAtMs, stepLengthMs, timeLeftMs } from './step-time';

const STARTED = Date.UTC(2026, 2, 3, 6, 46, 48, 123);

describe('the time of a step', () => {
  it.each([
    ['WAITING', null],
    ['PLANNING', 600_000],
    ['STUDYING', 1_500_000],
    ['RETROSPECT', 600_000],
    ['DONE', null],
  ] as const)('lets %s of a 25-minute cycle last %p ms', (step, lengthMs) => {
    expect(stepLengthMs(step, 25)).toBe(lengthMs);
  });

  it.each([20, 60])('lets STUDYING last exactly %i minutes', (minutes) => {
    expect(stepEndsAtMs('STUDYING', STARTED, minutes)).toBe(STARTED + minutes * 60_000);
  });

  it('has no end for a step that is not timed', () => {
    expect(stepEndsAtMs('WAITING', STARTED, 25)).toBeNull();
    expect(timeLeftMs('DONE', STARTED, 25, STARTED)).toBeNull();
  });

  it.each([
    [-1, 600_000],
    [0, 600_000],
    [1, 599_999],
    [599_999, 1],
    [600_000, 0],
    [600_001, 0],
    [86_400_000, 0],
  ])('has, %i ms after the start of planning, %i ms left', (passedMs, leftMs) => {
    expect(timeLeftMs('PLANNING', STARTED, 25, STARTED + passedMs)).toBe(leftMs);
  });
});
