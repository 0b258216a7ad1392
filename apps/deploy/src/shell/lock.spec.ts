import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DeployError } from '../core/errors';
import { lockHolder, withLock } from './lock';
import { identityOf } from './process-identity';

const ROUNDS = 30;
const RIVALS = 5;

describe('the lock', () => {
  let path: string;
  beforeEach(async () => (path = join(await mkdtemp(join(tmpdir(), 'lock-')), 'lock')));
  afterEach(() => rm(join(path, '..'), { recursive: true }));

  it('has exactly one winner of several who come at the same moment, each time', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      let [working, most, refused] = [0, 0, 0];
      let release: () => void = () => undefined;
      const allRefused = new Promise<void>((resolve) => (release = resolve));
      const rivals = Array.from({ length: RIVALS }, (_, index) =>
        withLock(path, `deploy r${index}`, async () => {
          most = Math.max(most, (working += 1));
          await allRefused;
          working -= 1;
        }).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DeployError);
          refused += 1;
          if (refused === RIVALS - 1) release();
        }),
      );
      await Promise.all(rivals);
      expect([most, refused]).toEqual([1, RIVALS - 1]);
    }
  });

  it.each([
    ['a dead process', { pid: 4_194_303, startTicks: '1' }],
    ['a process whose number a stranger has by now', { pid: process.pid, startTicks: '1' }],
  ])('is free although the file names %s', async (_, who) => {
    const stale = { ...who, user: 'root', since: '2026-11-20T06:00:00.000Z', command: 'deploy r1' };
    await writeFile(path, JSON.stringify(stale));
    expect(await lockHolder(path)).toBeNull();
    expect(await withLock(path, 'deploy r2', () => Promise.resolve('done'))).toBe('done');
    expect(await readFile(path, 'utf8')).toBe('');
    expect(identityOf(process.pid)).not.toBeNull();
  });

  it.each(['', '{"pid":1', 'not JSON'])('is free although the file holds %j', async (content) => {
    await writeFile(path, content);
    expect(await lockHolder(path)).toBeNull();
    expect(await withLock(path, 'deploy r2', () => Promise.resolve('done'))).toBe('done');
  });
});
