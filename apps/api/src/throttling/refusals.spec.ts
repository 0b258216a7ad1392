import type { Bucket } from './bucket';
import { Refusals } from './refusals';

const bucket = (name: string, number = 1): Bucket => ({
  key: Buffer.from(name),
  window: { number, endsAtMs: 60_000 },
});

describe('remembered refusals', () => {
  it('hold for their window and no other', () => {
    const refusals = new Refusals();
    refusals.remember(bucket('a', 7));
    const found = [bucket('a', 6), bucket('a', 7), bucket('a', 8), bucket('b', 7)].map((one) =>
      refusals.has(one),
    );
    expect(found).toEqual([false, true, false, false]);
  });

  it('follow one who is refused again in a later window', () => {
    const refusals = new Refusals();
    refusals.remember(bucket('a', 7));
    refusals.remember(bucket('a', 8));
    expect([refusals.has(bucket('a', 7)), refusals.has(bucket('a', 8))]).toEqual([false, true]);
  });

  it('are only so many: the one that came first goes first', () => {
    const refusals = new Refusals(2);
    for (const name of ['a', 'b', 'c']) refusals.remember(bucket(name));
    expect(['a', 'b', 'c'].map((name) => refusals.has(bucket(name)))).toEqual([false, true, true]);
  });
});
