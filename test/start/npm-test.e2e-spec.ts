import { spawnSync } from 'node:child_process';
import { ROOT } from '../../scripts/lib/paths.mjs';

const npmTest = (...args: readonly string[]) => {
  const { stdout, status } = spawnSync('npm', ['--silent', 'test', '--', ...args], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return { lastLine: stdout.trimEnd().split('\n').at(-1), status };
};

describe('npm test', () => {
  it('runs what its arguments select, and ends with the verdict', () => {
    expect(npmTest('test/start/verdict')).toEqual({ lastLine: '5 passed, 0 failed', status: 0 });
  });

  it('fails when nothing runs', () => {
    expect(npmTest('no-such-test')).toEqual({ lastLine: '0 passed, 1 failed', status: 1 });
  });
});
