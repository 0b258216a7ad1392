import { judgeTraffic, parseSample, type Sample } from './watch';

const LIMITS = { minRequests: 20, maxErrorShareRise: 0.05, minFailures: 3, maxSlowdown: 5, slowMs: 100 };

/** So many requests, of which so many failed. */
function traffic(count: number, failed = 0, durationMs = 10): readonly Sample[] {
  return Array.from({ length: count }, (_, index) => {
    return { atMs: index, status: index < failed ? 502 : 200, durationMs };
  });
}

describe('the traffic after a switch', () => {
  it('is fine when it is as before', () => {
    expect(judgeTraffic(traffic(100), traffic(20), LIMITS)).toEqual({ kind: 'fine' });
  });

  it('proves nothing when there is too little of it', () => {
    expect(judgeTraffic(traffic(100), traffic(19, 19), LIMITS)).toMatchObject({ kind: 'inconclusive' });
    expect(judgeTraffic(traffic(100), [], LIMITS)).toMatchObject({ kind: 'inconclusive' });
  });

  it.each([
    [0, 5, 'fine'],
    [0, 6, 'bad'],
    [10, 15, 'fine'],
    [10, 16, 'bad'],
  ])('with %i of 100 failed before and %i after is %s', (was, is, kind) => {
    expect(judgeTraffic(traffic(100, was), traffic(100, is), LIMITS)).toMatchObject({ kind });
  });

  it.each([
    [10, 100, 'fine'],
    [10, 101, 'bad'],
    [40, 200, 'fine'],
    [40, 201, 'bad'],
  ])('with a 95th percentile of %i ms before and %i ms after is %s', (was, is, kind) => {
    expect(judgeTraffic(traffic(20, 0, was), traffic(20, 0, is), LIMITS)).toMatchObject({ kind });
  });

  it('is not called bad for a failure or two: they may be an accident', () => {
    expect(judgeTraffic(traffic(20), traffic(20, 2), LIMITS)).toEqual({ kind: 'fine' });
    expect(judgeTraffic(traffic(20), traffic(20, 3), LIMITS)).toMatchObject({ kind: 'bad' });
  });

  it('is judged by its 99th percentile as well, once there is enough of it', () => {
    const after = (count: number) => [...traffic(count - 2), ...traffic(2, 0, 900)];
    expect(judgeTraffic(traffic(100), after(100), LIMITS)).toEqual({
      kind: 'bad',
      reason: 'the 99th percentile is 900 ms, 10 ms before',
    });
    expect(judgeTraffic(traffic(99), after(100), LIMITS)).toEqual({ kind: 'fine' });
    expect(judgeTraffic(traffic(100), after(99), LIMITS)).toEqual({ kind: 'fine' });
  });

  it('is not called slow when there was too little before to compare it with', () => {
    expect(judgeTraffic(traffic(19, 0, 1), traffic(20, 0, 5_000), LIMITS)).toEqual({ kind: 'fine' });
  });

  it('is judged by its 95th percentile: one slow request of twenty is none of it', () => {
    const after = [...traffic(19), { atMs: 1, status: 200, durationMs: 9_000 }];
    expect(judgeTraffic(traffic(20), after, LIMITS)).toEqual({ kind: 'fine' });
  });
});

describe('a line of the access log', () => {
  const line = (changes: object = {}) =>
    JSON.stringify({ atS: 1_772_520_408.123, status: 200, durationS: 0.012, agent: 'curl/8', ...changes });

  it('is read as a request', () => {
    expect(parseSample(line(), 'us')).toEqual({ atMs: 1_772_520_408_123, status: 200, durationMs: 12 });
  });

  it("is left out when it is the tool's own, torn, or of another form", () => {
    expect(parseSample(line({ agent: 'us' }), 'us')).toBeNull();
    expect(parseSample(line().slice(0, -4), 'us')).toBeNull();
    expect(parseSample('127.0.0.1 - - "GET / HTTP/1.1" 200', 'us')).toBeNull();
    expect(parseSample('null', 'us')).toBeNull();
  });
});
