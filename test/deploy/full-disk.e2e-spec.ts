import { randomBytes } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Lab } from './support/lab';
import { FROM_RELEASES, makeRelease } from './support/releases';
import { SmallDisk } from './support/small-disk';

/** Only root can mount a disk that is small enough to be filled. */
const isRoot = process.getuid?.() === 0;

/** What every row of this kind promises, whatever else it does. */
async function unharmed(lab: Lab, release: string, work: () => Promise<void>): Promise<void> {
  const load = lab.load(2);
  const { failures } = await work().then(load.stop, async (error: unknown) => {
    await load.stop();
    throw error;
  });
  expect(failures).toEqual([]);
  expect(await lab.served()).toBe(release);
}

if (isRoot)
  describe('a disk that is full where releases are', () => {
    let lab: Lab;
    let disk: SmallDisk;
    let made: string;
    const left = () => readdir(disk.path);
    const settings = (more: object = {}) => ({
      ...FROM_RELEASES,
      releases: { keep: 5, reserveMiB: 0 },
      ...more,
    });

    beforeAll(async () => {
      lab = await Lab.open(settings());
      disk = SmallDisk.mount(join(lab.dir, 'releases'), 'size=1m');
      const { file } = await makeRelease(lab, 'r1');
      await lab.json(['deploy', 'r1', '--from', file]);
      const text = `// ${randomBytes(300_000).toString('hex')}`;
      made = (await makeRelease(lab, 'r2', { files: { 'dist/large.mjs': text } })).file;
    });
    afterAll(async () => {
      await lab.run(['down']);
      disk.unmount();
      await lab.close();
    });

    it('keeps a release from being unpacked before anything is changed', () =>
      unharmed(lab, 'r1', async () => {
        await lab.configure(settings({ releases: { keep: 5, reserveMiB: 1 } }));
        const { code, err } = await lab.run(['deploy', 'r2', '--from', made]);
        expect(err).toMatch(/releases has 0 MiB free, and 2 are needed/);
        expect(err).toContain('Nothing was changed; blue (r1) serves as before.');
        expect(code).toBe(4);
        expect(await left()).toEqual(['r1']);
      }));

    it('in the middle of unpacking leaves nothing of it, and the next deploy works as soon as there is room', () =>
      unharmed(lab, 'r2', async () => {
        await lab.configure(settings({ hooks: { 'pre-deploy': disk.fillCommand } }));
        const { code, err } = await lab.run(['deploy', 'r2', '--from', made]);
        expect(err).toContain('Release r2 cannot be unpacked');
        expect(err).toContain('the disk is full');
        expect(err).toContain('blue (r1) serves as before');
        expect(code).toBe(4);
        expect(await left()).toEqual(['filler', 'r1']);
        expect(await lab.served()).toBe('r1');

        await disk.makeRoom();
        await lab.configure(settings());
        await lab.json(['deploy', 'r2', '--from', made]);
      }));
  });

if (isRoot)
  describe('a disk that is full where the state is', () => {
    let lab: Lab;
    let disk: SmallDisk;
    let number = 0;
    const settings = (more: object = {}) => ({
      stateDir: join(lab.dir, 'small'),
      runDir: join(lab.dir, 'run'),
      ...more,
    });
    const stateOf = async () => readFile(join(disk.path, 'state.json'), 'utf8');
    const recovers = async () => {
      await disk.makeRoom();
      await lab.configure(settings());
      const next = `next-${(number += 1)}`;
      await lab.deploy(next);
      expect(await lab.served()).toBe(next);
      expect((await lab.run(['status'])).out).not.toMatch(/unfinished|drift/);
      return next;
    };

    beforeAll(async () => {
      lab = await Lab.open();
      disk = SmallDisk.mount(join(lab.dir, 'small'), 'size=4m');
      await lab.configure(settings());
      await lab.deploy('r0');
      await lab.deploy('r1');
    });
    afterAll(async () => {
      await disk.makeRoom();
      await lab.configure(settings());
      await lab.run(['down']);
      disk.unmount();
      await lab.close();
    });

    it.each([[['deploy', 'r2']], [['rollback']]])(
      'lets no command begin what it could not write down: %j',
      async (words) => {
        const before = await lab.processes();
        disk.fill();
        await unharmed(lab, 'r1', async () => {
          const { code, err } = await lab.run(words);
          expect(err).toContain('is full');
          expect(err).toContain('Nothing was changed');
          expect(code).toBe(5);
          expect(await lab.processes()).toEqual(before);
          expect((await lab.run(['status'])).out).toMatch(/live +green \(r1\)/);
        });
        await disk.makeRoom();
      },
    );

    it('ends a run before the switch when the disk has filled up meanwhile, with the old release serving', async () => {
      const live = await recovers();
      await unharmed(lab, live, async () => {
        await lab.configure(settings({ hooks: { 'post-health': disk.fillCommand } }));
        const { code, err } = await lab.run(['deploy', 'r3']);
        expect(err).toContain('is full');
        expect(err).toContain(`(${live}) serves as before`);
        expect(code).toBe(5);
      });
      await recovers();
    });

    it('keeps the old state whole when the new one cannot be written; the next command goes on', async () => {
      const before = await stateOf();
      await lab.configure(settings({ hooks: { 'post-switch': disk.fillCommand } }));
      const load = lab.load(2);
      const { code, err } = await lab.run(['deploy', 'r4']);
      expect(err).toContain('is full');
      expect(code).toBe(5);
      expect(await stateOf()).toBe(before);
      await recovers();
      expect((await load.stop()).failures).toEqual([]);
    });

    it('keeps the configuration of nginx that is in use', async () => {
      const live = await recovers();
      const conf = join(disk.path, 'nginx/nginx.conf');
      const before = await readFile(conf, 'utf8');
      await unharmed(lab, live, async () => {
        const nginx = { maxBodyKiB: 2_048 };
        await lab.configure(settings({ nginx, hooks: { 'pre-deploy': disk.fillCommand } }));
        const { code, err } = await lab.run(['deploy', 'r5']);
        expect(err).toContain('is full');
        expect(code).toBe(5);
        expect(await readFile(conf, 'utf8')).toBe(before);
      });
      await recovers();
    });
  });

if (isRoot)
  describe('a disk that is full where logs are', () => {
    let lab: Lab;
    let disk: SmallDisk;
    beforeAll(async () => {
      lab = await Lab.open();
      await lab.deploy('r1');
    });
    afterAll(() => lab.close());

    it('undoes the deploy of a release that would have no log', async () => {
      // Room for its own folder, and for no file in it.
      disk = SmallDisk.mount(join(lab.dir, 'log'), 'nr_inodes=1');
      await unharmed(lab, 'r1', async () => {
        const { code, err } = await lab.run(['deploy', 'r2']);
        expect(err).toContain('The disk is full');
        expect(err).toContain('blue (r1) serves as before');
        expect(code).toBe(5);
        expect(await lab.processes()).toMatchObject({ green: null });
      });
      expect((await lab.history()).at(-1)).toMatchObject({ outcome: 'undone', live: { release: 'r1' } });
      disk.unmount();
      await lab.deploy('r2');
      expect(await lab.served()).toBe('r2');
    });
  });

if (!isRoot) it('cannot be filled by a user', () => expect(userInfo().uid).not.toBe(0));
