import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { startOwnMariadb, type OwnMariadb } from '../support/mariadb';
import type { Manifest } from '../../apps/deploy/src/core/manifest';
import { NspawnLab } from '../deploy/support/nspawn-lab';
import type { System } from '../deploy/support/nspawn-system';
import { output } from '../deploy/support/programs';
import { makeRelease } from '../deploy/support/releases';

const MINUTES = 60_000;
/** As docs/deploying.md names them. */
const TARBALLS = { r1: '/root/r1.tar.gz', r2: '/root/r2.tar.gz' };
/** What the test brings along, because Debian's packages of it are half a gigabyte: a server at Debian's own socket. */
const PROVIDED = ['mariadb-server', 'mariadb-client'];

/** Stands for Debian's client: the words of the page, said to the server that the test provides. */
const MARIADB = `#!/opt/haru-study/bin/node
const { createConnection } = require('/opt/haru-study/node_modules/mysql2/promise');
void createConnection({ socketPath: '/run/mysqld/mysqld.sock', user: 'root' }).then(async (connection) => {
  await connection.query(process.argv[3]);
  await connection.end();
});
`;

/** The second release: the fixture service where the API has its own programs, since another API takes a minute. */
async function makeSecond(dir: string, { migrations }: Manifest): Promise<string> {
  const folder = join(ROOT, 'test/support/deploy-fixture');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.mjs'));
  const files: Record<string, string> = {
    'dist/apps/api/src/main.js': "void import('./service.mjs');",
    'dist/apps/api/src/migrate.js': "console.log('The database is up to date.');",
  };
  for (const name of names) files[`dist/apps/api/src/${name}`] = readFileSync(join(folder, name), 'utf8');
  return (await makeRelease({ dir }, 'r2', { files, migrations })).file;
}

/** @returns the blocks of the page that are marked so, in order */
function blocks(mark: string): readonly string[] {
  const page = readFileSync(join(ROOT, 'docs/deploying.md'), 'utf8');
  return [...page.matchAll(/^```sh (.*)\n([^]*?)^```$/gm)].flatMap(([, marked, text = '']) =>
    marked === mark ? [text] : [],
  );
}

/** Here the machine is shared with other tests and may take a minute for what takes a server a second. */
function withPatience(block: string): string {
  return block.replace('\nservice:\n', '\nhealth: { timeoutMs: 180000 }\nservice:\n');
}

describe('the page about deploying, followed on a fresh machine', () => {
  let lab: NspawnLab;
  let mariadb: OwnMariadb;
  let server: System;

  beforeAll(async () => {
    [lab, mariadb] = [await NspawnLab.open(), await startOwnMariadb()];
    const words = [
      process.execPath,
      'scripts/release.mjs',
      '--id',
      'r1',
      '--with-node',
      '--out',
      lab.dir,
      '--json',
    ];
    const made = (await output(words, { cwd: ROOT })).trim().split('\n').at(-1) ?? '';
    const { manifest } = JSON.parse(made) as { manifest: Manifest };
    const socket = `${mariadb.socket}:/run/mysqld/mysqld.sock`;
    const [first, second] = [join(lab.dir, 'r1.tar.gz'), await makeSecond(lab.dir, manifest)];
    const binds = [`${first}:${TARBALLS.r1}`, `${second}:${TARBALLS.r2}`, socket];
    server = await lab.boot('server', binds, { inMemory: true, withNode: false });
    await server.write('/usr/local/bin/mariadb', MARIADB, 0o755);
  }, 6 * MINUTES);
  afterAll(async () => {
    await lab.close();
    await mariadb.stop();
  }, 3 * MINUTES);

  /** All of it in one shell, as somebody types it who keeps the terminal open. @returns what was shown */
  const type = (texts: readonly string[]) =>
    server.must(['bash', '-e', '-c', `exec 2>&1\n${texts.join('\n')}`]);

  const ask = async (path: string) => {
    const program = `fetch('http://${server.address}${path}').then(async (answer) => console.log(JSON.stringify(
      { status: answer.status, release: answer.headers.get('x-release'), body: await answer.text() })))`;
    const told = await output(lab.inNetwork([process.execPath, '-e', program]));
    return JSON.parse(told) as Readonly<{ status: number; release: string; body: string }>;
  };

  it('asks for packages that Debian has, and that are there', async () => {
    const [text = ''] = blocks('server packages');
    const names = text.split('--no-install-recommends ')[1]?.trim().split(/\s+/) ?? [];
    expect(names).toEqual(expect.arrayContaining(PROVIDED));
    for (const name of names.filter((one) => !PROVIDED.includes(one))) {
      expect(await server.must(['dpkg-query', '-W', '-f', '${Status}', name])).toBe('install ok installed');
    }
    const known = await output(['apt-cache', 'show', ...PROVIDED]);
    for (const name of PROVIDED) expect(known).toContain(`Package: ${name}\n`);
  });

  it('is followed on a machine that has no node of its own', async () => {
    const { out } = await server.run(['sh', '-c', 'type node nodejs npm']);
    expect(out).not.toMatch(/ is \//);
  });

  it(
    'brings the API up in one go, with the node that the release carries, and with secrets for root alone',
    async () => {
      const said = await type(blocks('server').map(withPatience));
      expect(said).toContain('Deployed: blue (r1) is live');
      expect(said).not.toMatch(/^ *problem /m);
      expect(said).toMatch(/^live +blue \(r1\) on http:\/\/haru-study\.example$/m);
      expect(await ask('/api/v2/time')).toMatchObject({ status: 200, release: 'r1' });
      const guest = `fetch('http://${server.address}/api/v2/auth/guest', { method: 'POST' }).then((answer) =>
        console.log(answer.status))`;
      expect(await output(lab.inNetwork([process.execPath, '-e', guest]))).toMatch(/^20[01]/);
      const pid = (await server.must(['systemctl', 'show', '-p', 'MainPID', '--value', 'haru@blue'])).trim();
      expect(await server.must(['readlink', `/proc/${pid}/exe`])).toBe('/srv/haru/releases/r1/bin/node\n');
      expect(await server.must(['ps', '-o', 'user=', '-p', pid])).toBe('haru\n');
      expect(await server.must(['stat', '-c', '%a %U', '/etc/haru/service.env'])).toBe('600 root\n');
    },
    5 * MINUTES,
  );

  it(
    'goes on to the next release and back',
    async () => {
      const shown = await type(blocks('server next'));
      expect(shown).toMatch(/switch from blue \(r1\) to green \(r2\)/);
      expect(shown).toContain('Deployed: green (r2) is live');
      expect(shown).toMatch(/requests through nginx, 0 failed/);
      expect(shown).toContain('blue (r1) -> green (r2)');
      expect(shown).toMatch(/^live +blue \(r1\)/m);
      expect(await ask('/api/v2/time')).toMatchObject({ status: 200, release: 'r1' });
    },
    5 * MINUTES,
  );

  it(
    'is there again after a reboot',
    async () => {
      await server.reboot();
      expect(await ask('/api/v2/time')).toMatchObject({ status: 200, release: 'r1' });
    },
    2 * MINUTES,
  );
});
