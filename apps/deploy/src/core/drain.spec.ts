import { countSockets, describeBusy, drainShare, hasNewSockets, judgeDrain, type Busy } from './drain';

const LIMITS = { minMs: 500, timeoutMs: 30_000, socketsTimeoutMs: 60_000, inARow: 2 };
const sockets = (...counts: readonly number[]): readonly Busy[] =>
  counts.map((count) => ({ inFlight: 0, sockets: count }));
const IDLE = { inFlight: 0, sockets: 0 };

describe('a colour that is drained', () => {
  it('may be stopped when neither requests nor sockets were there several times in a row', () => {
    expect(judgeDrain([IDLE, IDLE], 600, LIMITS)).toBe('drained');
    expect(judgeDrain([IDLE, IDLE], 400, LIMITS)).toBe('waiting');
    expect(judgeDrain(sockets(0, 0, 1, 0), 600, LIMITS)).toBe('waiting');
    expect(judgeDrain([IDLE, { inFlight: 1, sockets: 0 }], 600, LIMITS)).toBe('waiting');
  });

  it('is given up after the time of requests, but outlives its last socket or the time of sockets', () => {
    const busy = { inFlight: 1, sockets: 0 };
    expect(judgeDrain([busy], 30_001, LIMITS)).toBe('late');
    expect(judgeDrain(sockets(7), 30_001, LIMITS)).toBe('waiting');
    expect(judgeDrain(sockets(7), 62_999, LIMITS)).toBe('waiting');
    expect(judgeDrain(sockets(7), 63_001, LIMITS)).toBe('late');
    expect(judgeDrain([], 30_001, LIMITS)).toBe('late');
  });

  it('shows how much of its time has gone', () => {
    expect(drainShare([IDLE], 15_000, LIMITS)).toBe(0.5);
    expect(drainShare(sockets(1), 31_500, LIMITS)).toBe(0.5);
    expect(drainShare([], 99_000, LIMITS)).toBe(1);
  });

  it('is asked again for sockets that came late', () => {
    expect(hasNewSockets([])).toBe(false);
    expect(hasNewSockets(sockets(5))).toBe(true);
    expect(hasNewSockets(sockets(5, 4))).toBe(false);
    expect(hasNewSockets(sockets(5, 0, 1))).toBe(true);
  });

  it('counts each socket once, late ones too', () => {
    expect(countSockets([])).toEqual({ drained: 0, left: 0 });
    expect(countSockets(sockets(5, 3, 0, 2, 1))).toEqual({ drained: 6, left: 1 });
  });

  it('says what is under way', () => {
    expect(describeBusy(IDLE)).toBe('nothing');
    expect(describeBusy({ inFlight: 1, sockets: 12 })).toBe('1 request and 12 sockets');
    expect(describeBusy({ inFlight: Infinity, sockets: 1 })).toBe(
      'an unknown number of requests and 1 socket',
    );
  });
});
