import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { builtFile, ROOT } from '../../scripts/lib/paths.mjs';
import { startMariadb } from '../../scripts/lib/mariadb.mjs';
import { tryToLogIn, cookieOf } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import { createDatabase } from '../support/mariadb';
import { makeServerFolder } from '../support/run-folder.mjs';

/** On a busy machine the command may have to wait for somebody who builds. */
jest.setTimeout(240_000);

interface Ended {
  readonly code: number;
  /** Everything that it said. */
  readonly said: string;
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
beforeEach(() => api.sql('DELETE FROM admin'));

const PASSWORD = '열두 글자보다 긴 비밀번호';
const LUNA = ['--account', '루나', '--password-stdin'];
const REPLACE = [...LUNA, '--replace-password'];

async function run(
  command: string,
  args: readonly string[],
  stdin: string,
  settings: Readonly<Record<string, string>>,
): Promise<Ended> {
  const { PATH, HOME } = process.env;
  const child = spawn(command, args, { cwd: ROOT, env: { PATH, HOME, ...settings } });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += String(chunk)));
  // It need not listen to the end when the arguments are refused.
  child.stdin.on('error', () => undefined);
  child.stdin.end(stdin);
  const [code] = (await once(child, 'close')) as [number];
  return { code, said };
}

const create = (args: readonly string[], stdin: string, url = api.database.url) =>
  run(process.execPath, [builtFile('api', 'admin-create.js'), ...args], stdin, { DATABASE_URL: url });
const login = (password: string) => tryToLogIn(api, { account: '루나', password });
const accounts = () => api.sql<{ account: string; password_hash: string }>('SELECT * FROM admin');

describe('admin:create', () => {
  it('makes an account that can log in, and keeps its password to itself', async () => {
    const { code, said } = await create(LUNA, `${PASSWORD}\n`);
    expect([code, said]).toEqual([0, 'The account is made.\n']);
    expect((await login(PASSWORD)).status).toBe(200);
    const [{ password_hash } = { password_hash: '' }] = await accounts();
    expect(password_hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
  });

  it('takes one line, with or without its end', async () => {
    for (const end of ['', '\r\n']) {
      await api.sql('DELETE FROM admin');
      expect((await create(LUNA, `${PASSWORD}${end}`)).code).toBe(0);
      expect((await login(PASSWORD)).status).toBe(200);
    }
  });

  it.each([
    ['none', ''],
    ['one that is too short', 'a'.repeat(11)],
    ['one of two lines', `${PASSWORD}\n${PASSWORD}\n`],
  ])('refuses %s as a password', async (_, password) => {
    const { code, said } = await create(LUNA, password);
    expect([code, said]).toEqual([2, expect.stringMatching(/^The password .*\n$/)]);
    expect(await accounts()).toEqual([]);
  });

  it.each([
    ['without an account', ['--password-stdin']],
    ['with an account of 51 characters', ['--password-stdin', '--account', '루'.repeat(51)]],
    ['without a way to the password', ['--account', '루나']],
    ['with a password that others could see', [...LUNA, '--password', PASSWORD]],
  ])('says how it is used when it is %s', async (_, args) => {
    const { code, said } = await create(args, PASSWORD);
    expect([code, said]).toEqual([2, expect.stringContaining('Usage: npm run admin:create')]);
    expect(await accounts()).toEqual([]);
  });

  it('leaves an account that exists as it is', async () => {
    await create(LUNA, PASSWORD);
    const before = await accounts();
    const { code, said } = await create(LUNA, 'another long password');
    expect([code, said]).toEqual([3, expect.stringContaining('exists already')]);
    expect(await accounts()).toEqual(before);
  });

  it('replaces a password when it is told to, and ends the sessions of that account alone', async () => {
    await create(LUNA, PASSWORD);
    await create(['--account', '솔', '--password-stdin'], PASSWORD);
    const luna = cookieOf(await login(PASSWORD));
    const sol = cookieOf(await tryToLogIn(api, { account: '솔', password: PASSWORD }));
    expect((await create(REPLACE, 'another long password')).code).toBe(0);
    const read = async (cookie: string) =>
      (await api.client.get('/api/admin/members', { headers: { cookie } })).status;
    expect([await read(luna), await read(sol)]).toEqual([403, 200]);
    expect((await login(PASSWORD)).status).toBe(401);
    expect((await login('another long password')).status).toBe(200);
  });

  it('replaces nothing where there is no such account: a mistyped name makes none', async () => {
    const { code, said } = await create(REPLACE, PASSWORD);
    expect([code, said]).toEqual([3, expect.stringContaining('no such account')]);
    expect(await accounts()).toEqual([]);
  });

  it('makes one account when many ask for it at once', async () => {
    const all = await Promise.all(Array.from({ length: 4 }, () => create(LUNA, PASSWORD)));
    expect(all.map(({ code }) => code).sort()).toEqual([0, 3, 3, 3]);
  });

  it('says what is wrong with the database', async () => {
    const empty = await createDatabase();
    const { code, said } = await create(LUNA, PASSWORD, empty.url);
    expect([code, said]).toEqual([1, 'The database is not migrated: npm run migrate does that.\n']);
    await empty.drop();
    expect((await create(LUNA, PASSWORD, '')).said).toContain('DATABASE_URL: is missing');
  });
});

it('npm run admin:create makes the private database that npm start will use, and stops it again', async () => {
  const folder = makeServerFolder(process.env['HARU_TEST_FOLDER'] ?? '', 'data-');
  const args = ['run', 'admin:create', '--', ...LUNA];
  const first = await run('npm', args, PASSWORD, { DATA_DIR: folder });
  expect([first.code, first.said]).toEqual([0, expect.stringContaining('The account is made.')]);
  const server = await startMariadb(`${folder}/mariadb`);
  expect(server.adopted).toBe(false);
  const again = await run('npm', args, PASSWORD, { DATA_DIR: folder });
  expect([again.code, again.said]).toEqual([3, expect.stringContaining('exists already')]);
  expect((await startMariadb(`${folder}/mariadb`)).pid).toBe(server.pid);
  await server.stop();
});
