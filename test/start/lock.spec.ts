import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { tryLock, withLock } from '../../scripts/lib/lock.mjs';
import { newDataFolder } from './npm-start';

const holderScript = (path: string) => `
  import { tryLock } from ${JSON.stringify(join(ROOT, 'scripts/lib/lock.mjs'))};
  const result = await tryLock(${JSON.stringify(path)}, { address: 'there' });
  process.stdout.write('lock' in result ? 'held' : 'refused');
  setInterval(() => {}, 1000);
`;

describe.each([
  ['by flock', process.env['PATH']],
  ['by pid and start time where flock is missing', ''],
])('the lock of a folder, %s', (_, searchPath) => {
  const givenPath = process.env['PATH'];
  beforeEach(() => {
    process.env['PATH'] = searchPath;
  });
  afterEach(() => {
    process.env['PATH'] = givenPath;
  });

  it('names its holder to the second one, and is free after a kill -9', async () => {
    const path = join(newDataFolder(), 'a.lock');
    const args = ['--input-type=module', '-e', holderScript(path)];
    const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const said = await new Promise((resolve) => child.stdout.once('data', (text) => resolve(String(text))));
    expect(said).toBe('held');
    expect(await tryLock(path)).toEqual({
      holder: { pid: child.pid, startedAt: expect.any(String), address: 'there' },
    });

    const gone = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGKILL');
    await gone;

    const result = await tryLock(path);
    expect(result).toHaveProperty('lock');
    if ('lock' in result) result.lock.release();
  });

  it('lets one at a time do its work', async () => {
    const path = join(newDataFolder(), 'b.lock');
    let inside = 0;
    let most = 0;
    const work = async () => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);

    expect(most).toBe(1);
  });
});
