import { access, readlink } from 'node:fs/promises';
import { join } from 'node:path';
import type { Manifest } from '../../apps/deploy/src/core/manifest';
import { run } from '../../scripts/lib/run.mjs';
import { TEST_SECRET } from '../support/api';
import { createDatabase, type TestDatabase } from '../support/mariadb';
import { Lab } from './support/lab';

type Made = Readonly<{ id: string; path: string; bytes: number; digest: string; manifest: Manifest }>;
type Deployed = Readonly<{
  digest: string;
  steps: readonly Readonly<{ step: string; migrations?: string[] }>[];
}>;

const SERVICE = { entry: 'dist/apps/api/src/main.js', migrate: 'dist/apps/api/src/migrate.js' };

/** Two processors that others use as well pack 13,000 files. */
jest.setTimeout(240_000);

describe('npm run release', () => {
  let lab: Lab;
  let database: TestDatabase;
  let made: Made;
  const release = async (...words: readonly string[]) =>
    run(process.execPath, ['scripts/release.mjs', ...words]);

  beforeAll(async () => {
    database = await createDatabase();
    const requires = ['DATABASE_URL', 'JWT_SECRET'];
    lab = await Lab.open({ service: { ...SERVICE, requires }, health: { timeoutMs: 60_000 } });
    const out = await release('--id', 'real', '--with-node', '--out', join(lab.dir, 'out'), '--json');
    made = JSON.parse(out.split('\n').find((line) => line.startsWith('{')) ?? '') as Made;
  });
  afterAll(async () => {
    await lab.close();
    await database.drop();
  });

  it('says what it has made, with the migrations that it knows', () => {
    const { major, carried } = made.manifest.node;
    expect(made).toMatchObject({ id: 'real', path: join(lab.dir, 'out/real.tar.gz') });
    expect(made.manifest).toMatchObject({ id: 'real', digest: made.digest });
    expect([`${major}`, carried]).toEqual([process.versions.node.split('.')[0], process.versions.node]);
    expect(made.manifest.migrations).toMatchObject({ first: 'FirstSlice1763596800000' });
  });

  it('makes a tarball that is all the service needs: it migrates and serves with the node that it carries', async () => {
    const env = { DATABASE_URL: database.url, JWT_SECRET: TEST_SECRET };
    const words = ['deploy', 'real', '--from', made.path, '--digest', made.digest];
    const { digest, steps } = await lab.json<Deployed>(words, { env });
    const migrations = steps.find(({ step }) => step === 'migrate')?.migrations;
    expect(digest).toBe(made.digest);
    expect(migrations).toHaveLength(made.manifest.migrations?.count ?? Number.NaN);

    const { blue } = await lab.processes();
    const home = join(lab.dir, 'releases/real');
    expect(await readlink(`/proc/${blue}/exe`)).toBe(join(home, 'bin/node'));
    expect(await readlink(`/proc/${blue}/cwd`)).toBe(home);
    expect(await lab.served()).toBe('real');
    expect((await lab.ask('/api/v2/auth/guest', { method: 'POST' })).status).toBe(200);
    expect((await lab.ask('/swagger-ui/swagger-ui.css')).status).toBe(200);
  });

  it('leaves out what only developers need', async () => {
    const modules = join(lab.dir, 'releases/real/node_modules');
    await expect(access(join(modules, 'fastify/package.json'))).resolves.toBeUndefined();
    for (const name of ['jest', 'typescript', 'eslint', '@nestjs/cli']) {
      await expect(access(join(modules, name))).rejects.toThrow('ENOENT');
    }
  });

  it.each([
    [['--id', '../r1'], '--id'],
    [['--id', 'r1.tar.gz'], '--id'],
    [['--what'], "Unknown option '--what'"],
  ])('refuses %j', async (words, reason) => {
    await expect(release(...words)).rejects.toThrow(reason);
  });
});
