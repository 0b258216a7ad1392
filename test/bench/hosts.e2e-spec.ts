import { output } from '../deploy/support/programs';
import { ROOT } from '../../scripts/lib/paths.mjs';

describe('the benchmark of several hosts', () => {
  it('switches three of them while people are on all, and loses nothing', async () => {
    const words = [process.execPath, 'scripts/bench-hosts.mjs', '--switches', '1', '--json'];
    const report = (await output(words, { cwd: ROOT })).trim().split('\n').at(-1) ?? '';
    const { hosts, switches, skewMs, requests, failed, failures } = JSON.parse(report) as {
      hosts: number;
      switches: number;
      skewMs: { all: number[] };
      requests: number;
      failed: number;
      failures: string[];
    };
    expect([hosts, switches, failed, failures]).toEqual([3, 1, 0, []]);
    expect(skewMs.all).toEqual([expect.any(Number)]);
    expect(requests).toBeGreaterThan(100);
  }, 120_000);
});
