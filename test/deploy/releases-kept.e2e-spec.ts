import { spawn } from 'node:child_process';
import { copyFile, cp, mkdir, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';
import { FROM_RELEASES, makeRelease } from './support/releases';

const SETTINGS = { ...FROM_RELEASES, releases: { keep: 2, reserveMiB: 1 } };

let lab: Lab;
const shelf = (...names: readonly string[]) => join(lab.dir, 'releases', ...names);
const names = async () => (await readdir(shelf())).sort();

async function shelve(id: string): Promise<void> {
  await copyFile((await makeRelease(lab, id)).file, shelf(`${id}.tar.gz`));
}

async function deploy(id: string): Promise<void> {
  await shelve(id);
  await lab.deploy(id);
}

beforeAll(async () => {
  lab = await Lab.open(SETTINGS);
  await mkdir(shelf());
});
afterAll(() => lab.close());

describe('releases that are kept', () => {
  it('are the newest; older ones go with their tarballs, and what others put there stays', async () => {
    const { folder } = await makeRelease(lab, 'by-hand');
    await cp(folder, shelf('by-hand'), { recursive: true });
    await lab.deploy('by-hand');
    await shelve('not-yet');
    for (const id of ['r1', 'r2', 'r3']) await deploy(id);
    expect(await names()).toEqual(['by-hand', 'not-yet.tar.gz', 'r2', 'r2.tar.gz', 'r3', 'r3.tar.gz']);
    expect((await lab.history()).at(-1)).toMatchObject({
      steps: expect.arrayContaining([
        expect.objectContaining({ step: 'prune', note: 'removed r1' }),
      ]) as unknown,
    });
  });

  it('are also the one that serves, the one that a rollback starts, and one that somebody works in', async () => {
    const someone = spawn('sleep', ['600'], { cwd: shelf('r2') });
    await lab.json(['deploy', 'by-hand', '--older']);
    await lab.json(['deploy', 'r3']);
    // by-hand is the way back now: r2 would have to go.
    await deploy('r4');
    expect(await names()).toEqual(expect.arrayContaining(['by-hand', 'r2', 'r3', 'r4']));
    someone.kill();
    await deploy('r5');
    expect(await names()).toEqual(['by-hand', 'not-yet.tar.gz', 'r4', 'r4.tar.gz', 'r5', 'r5.tar.gz']);
    await lab.json(['rollback']);
    expect(await lab.served()).toBe('r4');
  });
});

describe('a deployer that is killed', () => {
  it.each(['before:fetch', 'after:fetch', 'before:prune', 'after:prune'])(
    '%s leaves nothing half, and the next deploy needs nobody',
    async (moment) => {
      const [killed, next] = [`${moment.replace(':', '-')}-1`, `${moment.replace(':', '-')}-2`];
      await shelve(killed);
      const load = lab.load(2);
      const { code } = await lab.run(['deploy', killed, '--fault', `${moment}:kill9`]);
      expect(code).toBeNull();
      await deploy(next);
      expect((await load.stop()).failures).toEqual([]);
      expect(await lab.served()).toBe(next);
      expect((await names()).filter((name) => name.startsWith('.'))).toEqual([]);
    },
  );

  it('in the middle of unpacking leaves a draft that nobody starts, and the next deploy clears it away', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 1_500 }, (_, index) => [`dist/${index}.mjs`, `// ${index}`]),
    );
    await copyFile((await makeRelease(lab, 'many', { files })).file, shelf('many.tar.gz'));
    const before = await lab.served();
    const deploying = lab.start(['deploy', 'many']);
    const hasDraft = async () => (await names()).some((name) => name.startsWith('.'));
    await waitFor(hasDraft, { timeoutMs: 60_000, everyMs: 1, what: 'the draft of the release' });
    process.kill(deploying.pid, 'SIGKILL');
    await deploying.ended;
    expect(await hasDraft()).toBe(true);
    expect(await names()).not.toContain('many');
    expect(await lab.served()).toBe(before);

    await lab.deploy('many');
    expect(await lab.served()).toBe('many');
    expect(await hasDraft()).toBe(false);
  });
});
