import { isSoon } from './soon';

describe('what comes to be so in time', () => {
  it('is looked for until it is', async () => {
    let looks = 0;
    expect(await isSoon(() => Promise.resolve((looks += 1) === 3), 60_000, 1)).toBe(true);
    expect(looks).toBe(3);
  });

  it('is looked for once at least, and given up when time is over', async () => {
    expect(await isSoon(() => true, 0, 1)).toBe(true);
    expect(await isSoon(() => false, 0, 1)).toBe(false);
  });
});
