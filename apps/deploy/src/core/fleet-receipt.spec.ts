import type { Progress } from './fleet';
import { hostRunOf, outcomeOf, probeOf } from './fleet-receipt';
import { readHistory, renderHistory } from './history';
import { renderReceipt } from './render';
import type { HostRun, Receipt } from './receipt';

const live = { colour: 'green', release: 'r2' } as const;
const onHost: Receipt = {
  run: '1',
  intent: 'deploy',
  outcome: 'done',
  from: { colour: 'blue', release: 'r1' },
  to: live,
  live,
  by: 'deployer',
  startedAt: '2026-11-20T00:00:00.000Z',
  finishedAt: '2026-11-20T00:00:05.000Z',
  durationMs: 5_000,
  steps: [
    { step: 'migrate', ms: 9, migrations: ['One'] },
    { step: 'switch', ms: 1, atMs: 6_000 },
  ],
  notes: [],
};
const ended = (exitCode: number, output: unknown): Progress => ({ kind: 'ended', exitCode, output });
const clock = [{ sent: 100, now: 1_101, received: 102 }];
const runOf = (progress: Progress) => hostRunOf({ host: 'a', progress }, clock);

describe('a run on one of several hosts', () => {
  it('is told from its own receipt, by our clock', () => {
    expect(runOf(ended(0, { ok: true, result: onHost }))).toEqual({
      host: 'a',
      outcome: 'done',
      exitCode: 0,
      live,
      switchedAtMs: 5_000,
      durationMs: 5_000,
      migrations: ['One'],
    });
  });

  it('is told from what went wrong, where that is all there is', () => {
    const error = { what: 'green (r2) is not healthy.', left: 'blue (r1) serves as before.' };
    expect(runOf(ended(4, { ok: false, error }))).toMatchObject({
      outcome: 'undone',
      error: error.what,
      left: error.left,
    });
    expect(runOf(ended(3, { ok: false, error }))).toMatchObject({ outcome: 'failed', exitCode: 3 });
    expect(runOf(ended(5, null))).toMatchObject({
      outcome: 'failed',
      error: expect.stringContaining('without a word'),
    });
    expect(runOf({ kind: 'lost', why: 'No route' })).toMatchObject({ outcome: 'unknown', error: 'No route' });
  });
});

describe('the receipt of a run over several hosts', () => {
  const a = runOf(ended(0, { ok: true, result: onHost }));
  const outcomes = (...all: readonly HostRun['outcome'][]) =>
    outcomeOf(all.map((outcome) => ({ ...a, outcome })));
  const receipt: Receipt = {
    ...onHost,
    ...{ from: null, to: null, live: null, steps: [], release: 'r2', skewMs: 7 },
    hosts: [a, { ...a, host: 'b', outcome: 'unknown', live: null, error: 'No route' }],
  };

  it('has one outcome only where all have', () => {
    expect(outcomes('done', 'nothing-to-do')).toBe('done');
    expect(outcomes('nothing-to-do', 'nothing-to-do')).toBe('nothing-to-do');
    expect(outcomes('undone', 'undone')).toBe('undone');
    expect(outcomes('done', 'unknown')).toBe('failed');
  });

  it('counts what people met on all of them', () => {
    const probes = [
      { requests: 10, failed: 1, worstGapMs: 5 },
      { requests: 20, failed: 0, worstGapMs: 9 },
    ];
    const runs = probes.map((probe) => ({ ...a, probe }));
    expect(probeOf([...runs, a])).toEqual({ requests: 30, failed: 1, worstGapMs: 9 });
    expect(probeOf([a])).toBeUndefined();
  });

  it('names each host, and is read back from the history', () => {
    expect(renderReceipt(receipt)).toMatch(
      /deploy r2 on 2 hosts.*\n {2}a +done +green \(r2\)\n {2}b +unknown.*No route\nSkew: +7 ms/s,
    );
    const read = readHistory([JSON.stringify(receipt)], 5);
    expect(read.receipts).toEqual([receipt]);
    expect(renderHistory(read)).toContain('r2 on a, b');
  });
});
