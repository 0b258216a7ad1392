import { readHistory, renderHistory } from './history';

const BLUE = { colour: 'blue', release: 'r1' } as const;
const GREEN = { colour: 'green', release: 'r2' } as const;

const aReceipt = (changes: object = {}) => ({
  run: '2026-03-03T06:46:48.123Z-7',
  intent: 'deploy',
  outcome: 'done',
  from: BLUE,
  to: GREEN,
  live: GREEN,
  by: 'haru',
  startedAt: '2026-03-03T06:46:48.123Z',
  finishedAt: '2026-03-03T06:46:52.223Z',
  durationMs: 4_100,
  steps: [{ step: 'switch', ms: 3 }],
  notes: [],
  ...changes,
});
const lines = (...receipts: object[]) => [...receipts.map((receipt) => JSON.stringify(receipt)), ''];

describe('the history', () => {
  it('shows the newest runs, the newest last', () => {
    const runs = [1, 2, 3].map((run) => aReceipt({ run: String(run) }));
    expect(readHistory(lines(...runs), 2).receipts.map(({ run }) => run)).toEqual(['2', '3']);
  });

  it('says of each run when, what, how it ended, how long it took and who it was', () => {
    expect(renderHistory(readHistory(lines(aReceipt()), 9))).toBe(
      '2026-03-03T06:46:48.123Z  deploy    done           blue (r1) -> green (r2)  4.1 s  by haru',
    );
  });

  it('says why a run was undone', () => {
    const text = renderHistory(readHistory(lines(aReceipt({ outcome: 'undone', error: 'not healthy' })), 9));
    expect(text).toMatch(/undone .*: not healthy$/);
  });

  it('says what became of the websockets, where there were some', () => {
    const told = (drained: number, left: number) =>
      renderHistory(readHistory(lines(aReceipt({ sockets: { drained, left } })), 9));
    expect(told(12, 0)).toContain('4.1 s  12 sockets let go  by haru');
    expect(told(12, 3)).toContain('  12 sockets let go  3 sockets left  by haru');
    expect(told(0, 0)).toContain('4.1 s  by haru');
  });

  it('leaves out a torn last line and says so', () => {
    const torn = JSON.stringify(aReceipt()).slice(0, -9);
    const history = readHistory([JSON.stringify(aReceipt()), torn], 9);
    expect(history).toMatchObject({ receipts: [{ run: aReceipt().run }], damaged: 1 });
    expect(renderHistory(history)).toContain('1 damaged line(s) left out');
  });

  it('keeps what a newer tool has added to a receipt', () => {
    expect(readHistory(lines(aReceipt({ failed: 0 })), 9).receipts[0]).toHaveProperty('failed', 0);
  });

  it('of a site that nothing was deployed to says so', () => {
    expect(renderHistory(readHistory([], 9))).toBe('Nothing was deployed yet.');
  });
});
