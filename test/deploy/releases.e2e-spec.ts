import { copyFile, mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Lab } from './support/lab';
import { FROM_RELEASES, makeRelease, rawTarball, type RawEntry } from './support/releases';

type Deployed = Readonly<{ digest: string; steps: readonly Readonly<{ step: string; note?: string }>[] }>;

let lab: Lab;
const shelf = (...names: readonly string[]) => join(lab.dir, 'releases', ...names);
const names = async () => (await readdir(shelf())).sort();

/** Puts the tarball of a release beside the others. */
async function shelve(id: string, changes?: Parameters<typeof makeRelease>[2]): Promise<string> {
  const { file, manifest } = await makeRelease(lab, id, changes);
  await copyFile(file, shelf(`${id}.tar.gz`));
  return manifest.digest;
}

beforeAll(async () => {
  lab = await Lab.open(FROM_RELEASES);
  await mkdir(shelf());
});
afterAll(() => lab.close());

describe('a release in a tarball', () => {
  it('is unpacked beside the others and made live, and the receipt has its digest', async () => {
    const digest = await shelve('r1');
    const { digest: told, steps } = await lab.json<Deployed>(['deploy', 'r1']);
    expect(told).toBe(digest);
    expect(steps.map(({ step }) => step)).toEqual(expect.arrayContaining(['fetch', 'start', 'prune']));
    expect(await names()).toEqual(['r1', 'r1.tar.gz']);
    expect(await lab.served()).toBe('r1');
    expect((await lab.history()).at(-1)).toMatchObject({ digest, outcome: 'done' });
  });

  it('is not unpacked twice', async () => {
    const { steps } = await lab.json<Deployed>(['deploy', 'r1']);
    expect(steps).toEqual([]);
  });

  it('may lie elsewhere, as a tarball or as a folder', async () => {
    const { file, manifest } = await makeRelease(lab, 'r2');
    const plan = await lab.run(['plan', 'r2', '--from', file]);
    expect(plan.out).toContain(`1. unpack r2 from ${file}`);
    expect(await names()).toEqual(['r1', 'r1.tar.gz']);
    await lab.json(['deploy', 'r2', '--from', file, '--digest', manifest.digest]);
    expect(await lab.served()).toBe('r2');

    const { folder } = await makeRelease(lab, 'r3');
    await lab.json(['deploy', 'r3', '--from', folder]);
    expect(await lab.served()).toBe('r3');
    expect(await names()).toEqual(['r1', 'r1.tar.gz', 'r2', 'r3']);
  });

  it('has the same digest, and the same bytes, whenever it is packed', async () => {
    const createdAt = '2026-11-20T00:00:00.000Z';
    const first = await makeRelease(lab, 'same', { createdAt });
    const bytes = await readFile(first.file);
    const second = await makeRelease(lab, 'same', { createdAt });
    expect(second.manifest.digest).toBe(first.manifest.digest);
    expect((await readFile(second.file)).equals(bytes)).toBe(true);
  });
});

describe('a release that is not fit for this machine', () => {
  const ZEROS = '0'.repeat(64);
  const MADE = `made for solaris-sparc, and this machine is ${process.platform}-${process.arch}`;
  /** Each puts something at releases/bad.tar.gz. */
  const bad: Readonly<Record<string, readonly [prepare: () => Promise<unknown>, reason: string]>> = {
    'has another digest than was asked for': [() => shelve('bad'), `${ZEROS} was asked for`],
    'was changed after it was made': [() => pretending({ digest: ZEROS }), `its manifest says ${ZEROS}`],
    'is cut off': [() => shelve('bad').then(() => cutOff(shelf('bad.tar.gz'))), 'it cannot be read'],
    'is no tarball at all': [() => writeFile(shelf('bad.tar.gz'), 'PK zip'), 'it cannot be read'],
    'says nothing about itself': [
      () => raw({ path: 'dist/service.mjs', text: '//' }),
      'it has no manifest.json',
    ],
    'says that it is another release': [() => shelve('bad', { id: 'good' }), 'that it is release good'],
    'was made for another Node': [
      () => shelve('bad', { node: { major: 18, least: '18.0', carried: null } }),
      `it wants Node 18 (18.0 or newer), and here is ${process.versions.node}`,
    ],
    'was made for a newer Node': [
      () => shelve('bad', { node: { major: 20, least: '20.99', carried: null } }),
      `it wants Node 20 (20.99 or newer), and here is ${process.versions.node}`,
    ],
    'was made for another machine': [() => shelve('bad', { platform: 'solaris-sparc' }), MADE],
    'was made by a newer tool': [() => pretending({ schema: 2 }), 'of a newer tool (schema 2)'],
    'cannot be started': [() => raw({ path: 'README', text: '' }), 'it has no dist/service.mjs'],
    'leads out of its folder': [() => raw({ path: '../out.mjs', text: '//' }), 'leads out of the release'],
    'has a name from the root on': [() => raw({ path: '/tmp/out.mjs' }), 'leads out of the release'],
    'has a link that points out of it': [
      () => raw({ path: 'dist/out', type: 'SymbolicLink', linkpath: '../../../etc' }),
      'points out of the release, at ../../../etc',
    ],
    'writes through a link': [
      () => raw({ path: 'dist', type: 'SymbolicLink', linkpath: 'other' }, { path: 'dist/a.mjs' }),
      'lies behind the link dist',
    ],
    'has a hard link': [
      () => raw({ path: 'passwd', type: 'Link', linkpath: '/etc/passwd' }),
      'no file, no folder and no symbolic link',
    ],
  };

  const raw = (...entries: readonly RawEntry[]) => writeFile(shelf('bad.tar.gz'), rawTarball(entries));
  const cutOff = async (file: string) => {
    const all = await readFile(file);
    await writeFile(file, all.subarray(0, all.length / 2));
  };
  /** A tarball whose manifest was written by somebody else. */
  const pretending = async (changes: object) => {
    const { manifest, folder } = await makeRelease(lab, 'bad');
    const service = await readFile(join(folder, 'dist/service.mjs'), 'utf8');
    const text = JSON.stringify({ ...manifest, ...changes });
    await raw({ path: 'manifest.json', text }, { path: 'dist/service.mjs', text: service });
  };

  afterAll(() => rm(shelf('bad.tar.gz'), { force: true }));

  it.each(Object.keys(bad))('is refused before anything is changed: it %s', async (what) => {
    const [prepare, reason] = bad[what] ?? [];
    await prepare?.();
    const [before, processes] = [await names(), await lab.processes()];
    const wanted = what.startsWith('has another digest') ? ['--digest', ZEROS] : [];
    const { code, err } = await lab.run(['deploy', 'bad', ...wanted]);
    expect(err).toContain(reason);
    expect(err).toMatch(/Nothing was changed; \w+ \(r3\) serves as before/);
    expect(code).toBe(4);
    expect([await names(), await lab.processes()]).toEqual([before, processes]);
    expect((await lab.history()).at(-1)).toMatchObject({
      outcome: 'undone',
      live: { release: 'r3' },
      to: { release: 'bad' },
      error: expect.stringContaining(String(reason)) as string,
      steps: [],
    });
  });

  it('is refused by plan as well', async () => {
    await shelve('bad', { platform: 'solaris-sparc' });
    const { code, err } = await lab.run(['plan', 'bad']);
    expect([code, err]).toEqual([4, expect.stringContaining(MADE)]);
  });
});

describe('what a release needs of this machine', () => {
  const needing = (more: object) => lab.configure({ service: { ...FROM_RELEASES.service, ...more } });
  afterAll(() => lab.configure(FROM_RELEASES));

  it('is there before anything is changed: variables, and secrets that can be read', async () => {
    const [secret, empty] = [join(lab.dir, 'secret'), join(lab.dir, 'empty')];
    await needing({ requires: ['LAB_URL', 'LAB_KEY'], secrets: [secret, lab.dir, empty] });
    await writeFile(empty, '');
    await shelve('r4');
    const { code, err } = await lab.run(['deploy', 'r4'], { env: { LAB_URL: 'x', LAB_KEY: '' } });
    expect(code).toBe(4);
    expect(err).toContain('the environment has no LAB_KEY');
    expect(err).not.toContain('no LAB_URL');
    expect(err).toContain(`a secret cannot be read: ${secret} (there is none)`);
    expect(err).toContain(`${lab.dir} (EISDIR`);
    expect(err).toContain(`${empty} (it is empty)`);
    expect(await names()).not.toContain('r4');
    expect(await lab.served()).toBe('r3');

    await needing({ requires: ['LAB_KEY'], secrets: [secret] });
    await writeFile(secret, 'x');
    await lab.deploy('r4', { env: { LAB_KEY: 'y' } });
    expect(await lab.served()).toBe('r4');
  });
});

describe('an id', () => {
  it('stands for one release: another one under it is refused', async () => {
    const { file } = await makeRelease(lab, 'r2', { files: { 'dist/more.mjs': '//' } });
    const { code, err } = await lab.run(['deploy', 'r2', '--from', file]);
    expect([code, err]).toEqual([2, expect.stringContaining('an id stands for one release')]);
  });

  it.each([
    [['deploy', 'r1.tar.gz'], 'a release is called without its ending'],
    [['deploy', 'r9'], 'There is no release r9'],
    [['deploy', 'r9', '--from', 'nowhere.tar.gz'], 'nowhere.tar.gz'],
    [['deploy', 'r1', '--digest', 'abc'], '64 hexadecimal digits'],
  ])('that is mistyped is refused: %j', async (words, reason) => {
    const { code, err } = await lab.run(words);
    expect([code, err]).toEqual([2, expect.stringContaining(reason)]);
  });
});

describe('a release that is older than the live one', () => {
  const migrations = (last: string) => ({ first: 'First1763596800000', last, count: 2 });

  it('is refused, unless that is meant: by the time it was made', async () => {
    const { code, err } = await lab.run(['deploy', 'r2']);
    expect(code).toBe(2);
    expect(err).toMatch(/r2 is older than \w+ \(r4\), which is live: it was made at/);
    expect(err).toContain('npm run deploy -- deploy r2 --older');
    await lab.json(['deploy', 'r2', '--older']);
    expect(await lab.served()).toBe('r2');
  });

  it('or by the migrations that it knows', async () => {
    await shelve('r5', { migrations: migrations('Second1763683200000') });
    await lab.deploy('r5');
    await shelve('r6', { migrations: migrations('First1763596800000') });
    const { code, err } = await lab.run(['deploy', 'r6']);
    expect(code).toBe(2);
    expect(err).toContain('it ends with the migration First1763596800000, and the live one with Second17636');
    await rm(shelf('r6.tar.gz'));
  });
});

describe('a release to go back to', () => {
  it('is refused when somebody has removed it, with what can be done', async () => {
    await rm(shelf('r2'), { recursive: true });
    const { code, err } = await lab.run(['rollback']);
    expect(code).toBe(5);
    expect(err).toContain('Release r2 cannot be started again: somebody has removed its folder');
    expect(err).toContain('put r2.tar.gz back beside the others');
    expect(await lab.served()).toBe('r5');
    await shelve('r2');
    await lab.json(['deploy', 'r2', '--older']);
    expect(await lab.served()).toBe('r2');
  });
});
