import { secondsUntil, windowAt } from './window.rules';

const MINUTE = 60_000;

describe('a window', () => {
  it('begins where the one before it ends', () => {
    expect(windowAt(0, MINUTE, 0)).toEqual({ number: 0, endsAtMs: MINUTE });
    expect(windowAt(MINUTE - 1, MINUTE, 0)).toEqual({ number: 0, endsAtMs: MINUTE });
    expect(windowAt(MINUTE, MINUTE, 0)).toEqual({ number: 1, endsAtMs: 2 * MINUTE });
  });

  it('may be shifted by a part of itself', () => {
    expect(windowAt(14_999, MINUTE, 0.25)).toEqual({ number: -1, endsAtMs: 15_000 });
    expect(windowAt(15_000, MINUTE, 0.25)).toEqual({ number: 0, endsAtMs: 75_000 });
  });

  it.each([0, 0.1, 0.5, 0.999_999])('holds every instant, shifted by %d', (shift) => {
    for (let nowMs = 1_795_132_800_000; nowMs < 1_795_132_800_000 + 2 * MINUTE; nowMs += 997) {
      const leftMs = windowAt(nowMs, MINUTE, shift).endsAtMs - nowMs;
      expect(leftMs).toBeGreaterThan(0);
      expect(leftMs).toBeLessThanOrEqual(MINUTE);
    }
  });
});

describe('the time to wait', () => {
  it.each([
    [60_000, 0, 60],
    [60_000, 59_000, 1],
    [60_000, 58_999, 2],
    [60_000, 59_999, 1],
    [60_000, 60_000, 1],
  ])('until %d ms, at %d ms, is %d s', (untilMs, nowMs, seconds) => {
    expect(secondsUntil(untilMs, nowMs)).toBe(seconds);
  });
});
