import { tooHeavy } from './weight';

const LIMITS = { maxRssMiB: 100, maxDescriptors: 50 };

describe('the weight of a process', () => {
  it.each([
    [100, 50, null],
    [100.6, 50, 'it uses 101 MiB of memory, more than 100'],
    [100, 51, 'it has 51 open descriptors, more than 50'],
  ])('of %d MiB and %i descriptors is judged by both limits', (rssMiB, descriptors, told) => {
    expect(tooHeavy({ rssMiB, descriptors }, LIMITS)).toBe(told);
  });

  it('is not looked at where the settings say so', () => {
    const none = { maxRssMiB: null, maxDescriptors: null };
    expect(tooHeavy({ rssMiB: 1e6, descriptors: 1e6 }, none)).toBeNull();
  });
});
