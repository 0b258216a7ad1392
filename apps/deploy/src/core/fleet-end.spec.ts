import { howLeft } from './fleet-end';
import type { HostRun } from './receipt';

const aRun = (host: string, outcome: HostRun['outcome'], exitCode: number | null = 0): HostRun => ({
  ...{ host, outcome, exitCode, live: null },
  ...{ switchedAtMs: null, durationMs: null, migrations: [] },
});
const after = (...hosts: readonly HostRun[]) => howLeft({ intent: 'deploy', release: 'r2', hosts });

describe('hosts after a run that did not succeed on all of them', () => {
  it('are known to serve what they did when each says so', () => {
    const { left, next } = after(aRun('a', 'undone', 4), aRun('b', 'failed', 3));
    expect(left).toBe('no host was left with it: what served before serves.');
    expect(next).toContain('logs --host');
  });

  it.each([1, 5])(
    'are not said to be without it where one ended in the middle, with exit code %s',
    (code) => {
      const { left, next } = after(aRun('a', 'undone', 4), aRun('b', 'failed', code));
      expect(left).toBe(
        'no other host was left with it; b did not come to an end that says what serves there.',
      );
      expect(next).toContain('settle --host b');
    },
  );

  it('are told of in the words of those that say what they left', () => {
    const full = { ...aRun('b', 'failed', 5), left: 'Nothing was changed; what serves goes on.' };
    const { left, next } = after(aRun('a', 'undone', 4), full);
    expect(left).toBe('no other host was left with it; b: Nothing was changed; what serves goes on.');
    expect(next).not.toContain('settle');
  });

  it('are named where they cannot be reached, and where they serve it', () => {
    const lost = aRun('c', 'unknown', null);
    expect(after(aRun('a', 'undone', 4), lost).left).toBe(
      'no other host was left with it; c cannot be reached.',
    );
    const { left, next } = after(aRun('a', 'done'), aRun('b', 'done'), lost);
    expect(left).toBe('a, b serve r2; c cannot be reached.');
    expect(after(aRun('a', 'nothing-to-do'), aRun('b', 'undone', 4)).left).toBe('a serves r2.');
    expect(next).toBe('npm run deploy -- deploy r2, when the others are back');
  });
});
