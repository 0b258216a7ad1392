import { counted, NOTHING_SENT, totalOf, type ProbeStream } from './probe-count';

type Sent = Parameters<typeof counted>[1];

/** A request every 50 ms; `lasts` says how long each takes, negative for one that fails. */
function stream(...lasts: readonly number[]): ProbeStream {
  let freeMs = 0;
  return lasts.reduce<ProbeStream>((seen, last, slot) => {
    const intendedMs = slot * 50;
    const endedMs = Math.max(freeMs, intendedMs) + Math.abs(last);
    freeMs = endedMs;
    const sent: Sent = { intendedMs, endedMs, ok: last >= 0 };
    return counted(seen, sent);
  }, NOTHING_SENT);
}

describe('the count of the prober', () => {
  it('is of requests, failures and the worst wait', () => {
    expect(totalOf([stream(3, 7, 2)])).toEqual({ requests: 3, failed: 0, worstGapMs: 7 });
  });

  it('counts the wait of those that were held up behind a slow answer', () => {
    // The second is meant for 50 ms, and sent at 400 ms, when the first has its answer.
    expect(totalOf([stream(400, 100)]).worstGapMs).toBe(450);
  });

  it('lets a gap last from the first failed request until the next good answer', () => {
    expect(totalOf([stream(1, -1, -1, -1, 4)])).toEqual({ requests: 5, failed: 3, worstGapMs: 154 });
  });

  it('counts a gap that was still open at the end', () => {
    expect(totalOf([stream(1, -1, -20)]).worstGapMs).toBe(70);
  });

  it('adds the streams up and takes the worst of their gaps', () => {
    expect(totalOf([stream(3), stream(-9, 2), NOTHING_SENT])).toEqual({
      requests: 3,
      failed: 1,
      worstGapMs: 52,
    });
  });

  it('of a run without traffic is zero', () => {
    expect(totalOf([])).toEqual({ requests: 0, failed: 0, worstGapMs: 0 });
  });
});
