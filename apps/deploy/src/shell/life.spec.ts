import { follow } from './life';

type Seen = Parameters<typeof follow>[0] extends () => Promise<infer P> ? P : never;

const FIRST: Seen = { pid: 7, startTicks: '100', release: 'r2' };

/** What a look finds, one after another. */
async function looks(first: Seen, ...later: readonly Seen[]): Promise<readonly boolean[]> {
  const found = [first, ...later];
  const life = await follow(() => Promise.resolve(found.shift() ?? null));
  const seen: boolean[] = [];
  while (found.length > 0) seen.push((await life()) !== null);
  return seen;
}

describe('a process that is followed', () => {
  it('lives as long as it is the same one', async () => {
    expect(await looks(FIRST, FIRST, { ...FIRST })).toEqual([true, true]);
  });

  it('has ended when there is none, when its supervisor waits to start it again, and when it has', async () => {
    expect(await looks(FIRST, null)).toEqual([false]);
    expect(await looks(FIRST, { ...FIRST, pid: 0, startTicks: '' })).toEqual([false]);
    expect(await looks(FIRST, { ...FIRST, pid: 8 })).toEqual([false]);
    expect(await looks(FIRST, { ...FIRST, startTicks: '101' })).toEqual([false]);
  });

  it('never lived where there was none, or only one that waits, at first', async () => {
    expect(await looks(null, FIRST)).toEqual([false]);
    expect(await looks({ ...FIRST, pid: 0 }, { ...FIRST, pid: 0 })).toEqual([false]);
  });
});
