import { isDrained, isSwitched, judgeHealth, type Probe } from './judge';

const expected = { release: 'r2', colour: 'green', pid: 42 } as const;
const startedAt = '2026-11-20T00:00:00.000Z';
const healthy: Probe = { kind: 'answer', status: 200, identity: { ...expected, startedAt }, reasons: [] };
const silent: Probe = { kind: 'silence', reason: 'it does not answer (ENOENT)' };
const saying = (identity: object): Probe => ({
  ...healthy,
  identity: { ...expected, startedAt, ...identity },
});

describe('the health of a starting process', () => {
  it('is proven by healthy answers in an unbroken row', () => {
    expect(judgeHealth(expected, [silent, healthy, healthy], 2)).toEqual({ kind: 'healthy' });
    expect(judgeHealth(expected, [healthy, silent, healthy], 2)).toMatchObject({
      kind: 'waiting',
      inARow: 1,
    });
  });

  it('is waited for while it does not answer', () => {
    expect(judgeHealth(expected, [], 1)).toMatchObject({ kind: 'waiting' });
    expect(judgeHealth(expected, [silent], 1)).toMatchObject({ reason: 'it does not answer (ENOENT)' });
  });

  it('is waited for while it says that it is not ready, and its reasons are told', () => {
    const unready: Probe = { ...healthy, status: 503, reasons: ['database: refused'] };
    expect(judgeHealth(expected, [unready], 1)).toMatchObject({
      kind: 'waiting',
      reason: 'it answers 503; database: refused',
    });
  });

  it.each([
    ['another release', { release: 'r1' }, 'it says that it is release r1, not r2'],
    ['the other colour', { colour: 'blue' }, 'it says that it is blue, not green'],
    ['another process', { pid: 41 }, 'process 41 answers on its socket, but 42 was started'],
  ])('is refused at once when %s answers', (_, identity, reason) => {
    expect(judgeHealth(expected, [healthy, saying(identity)], 1)).toEqual({ kind: 'refused', reason });
  });

  it('is not believed of an answer that does not say who gives it', () => {
    const nameless: Probe = { ...healthy, identity: null };
    expect(judgeHealth(expected, [nameless], 1)).toMatchObject({ kind: 'waiting', inARow: 0 });
  });
});

describe('a switch', () => {
  it('is done when fresh requests in a row were answered by the new release alone', () => {
    expect(isSwitched(['r1', 'r2', 'r2', 'r2'], 'r2', 3)).toBe(true);
    expect(isSwitched(['r2', 'r2'], 'r2', 3)).toBe(false);
    expect(isSwitched(['r2', 'r1', 'r2', 'r2'], 'r2', 3)).toBe(false);
    expect(isSwitched(['r2', null, 'r2'], 'r2', 2)).toBe(false);
  });
});

describe('an old colour', () => {
  const limits = { minMs: 500, inARow: 3 };

  it('may be stopped when nothing was under way several times in a row', () => {
    expect(isDrained([2, 0, 0, 0], 600, limits)).toBe(true);
    expect(isDrained([0, 0, 1], 600, limits)).toBe(false);
    expect(isDrained([0, 0], 600, limits)).toBe(false);
  });

  it('may not be stopped before connections that were opened just before the switch can have arrived', () => {
    expect(isDrained([0, 0, 0], 499, limits)).toBe(false);
  });

  it('may not be stopped while it is too busy to say', () => {
    expect(isDrained([Infinity, Infinity, Infinity], 5_000, limits)).toBe(false);
  });
});
