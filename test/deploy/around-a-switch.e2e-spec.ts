import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

/** On a machine that is busy to its limit every process takes seconds to start; nothing here waits for a deadline. */
jest.setTimeout(180_000);
const CALM = { verify: { timeoutMs: 30_000 } };

const COOKIES = Array.from({ length: 20 }, (_, index) => `haru_pool=member-${index}`);

let lab: Lab;
let other: Server;
let nginx: object;

beforeAll(async () => {
  other = createServer((_, response) => response.writeHead(200, { 'x-release': 'other' }).end('{}'));
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  const { port } = other.address() as AddressInfo;
  lab = await Lab.open();
  const pool = { mode: 'sticky', by: 'cookie:haru_pool', servers: ['live', `127.0.0.1:${port}`] };
  nginx = { staticRoot: join(lab.dir, 'www'), pool };
  await lab.configure({ ...CALM, nginx });
  await publish('<script src="/assets/main-0a1b2c3d.js">', 'main-0a1b2c3d.js');
  await lab.deploy('r1');
});
afterAll(async () => {
  other.close();
  await lab.close();
});

/** The web client is published as a static site is: new files beside the old ones, its page last. */
async function publish(page: string, asset: string): Promise<void> {
  await mkdir(join(lab.dir, 'www/assets'), { recursive: true });
  await writeFile(join(lab.dir, 'www/assets', asset), `// ${asset}`);
  await writeFile(join(lab.dir, 'www/index.html'), page);
}

describe('clients that stick to one server of the pool', () => {
  /** Each client asks several times: it must be served by one alone. */
  async function servedTo(cookie: string): Promise<string> {
    const answers = await Promise.all([1, 2, 3].map(() => lab.ask('/api/v2/time', { headers: { cookie } })));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const releases = new Set(answers.map(({ headers }) => headers.get('x-release') ?? 'none'));
    expect(releases.size).toBe(1);
    return [...releases][0] ?? 'none';
  }
  const all = () => Promise.all(COOKIES.map(servedTo));

  it('follow the live colour through a switch, and those of the other server stay where they are', async () => {
    const before = await all();
    expect(new Set(before)).toEqual(new Set(['r1', 'other']));
    const load = lab.load(6);
    await lab.deploy('r2');
    expect((await load.stop()).failures).toEqual([]);
    expect(await all()).toEqual(before.map((release) => (release === 'r1' ? 'r2' : release)));
  });

  it('are not stuck to a server that has died', async () => {
    other.closeAllConnections();
    await new Promise((resolve) => other.close(resolve));
    expect(new Set(await all())).toEqual(new Set(['r2']));
  });
});

describe('a page from before the switch', () => {
  it('gets its own hashed assets afterwards, too: a deploy leaves the static files alone', async () => {
    const [, old = ''] = /src="(.+?)"/.exec(await (await lab.ask('/')).text()) ?? [];
    await publish('<script src="/assets/main-4e5f6a7b.js">', 'main-4e5f6a7b.js');
    const files = await readdir(join(lab.dir, 'www'), { recursive: true });
    await lab.deploy('r3');
    expect(await readdir(join(lab.dir, 'www'), { recursive: true })).toEqual(files);
    expect(await (await lab.ask('/')).text()).toContain('main-4e5f6a7b.js');
    for (const asset of [old, '/assets/main-4e5f6a7b.js']) {
      const answer = await lab.ask(asset);
      expect([answer.status, answer.headers.get('cache-control')]).toEqual([
        200,
        expect.stringContaining('immutable'),
      ]);
      expect(await answer.text()).toBe(`// ${asset.replace('/assets/', '')}`);
    }
  });
});

describe('a rollback that is wanted while the new release is still watched', () => {
  it('is told who holds the lock and how to cancel it, and is then done at once, by the warm old colour', async () => {
    await lab.configure({ ...CALM, nginx, watch: { forMs: 60_000, intervalMs: 20 } });
    const before = await lab.processes();
    const load = lab.load(4);
    const deployer = lab.start(['deploy', 'regretted']);
    const isWatched = async () =>
      (await lab.run(['status'])).out.includes('regretted') &&
      deployer.output().includes('ask through nginx');
    await waitFor(isWatched, { timeoutMs: 30_000, what: 'the watch' });
    const { code, err } = await lab.run(['rollback']);
    expect([code, err]).toEqual([3, expect.stringContaining(`kill -INT ${deployer.pid}`)]);
    process.kill(deployer.pid, 'SIGINT');
    await deployer.ended;
    const back = await lab.run(['rollback']);
    expect([back.code, back.out]).toEqual([0, expect.stringContaining('(regretted) was undone')]);
    expect((await load.stop()).failures).toEqual([]);
    expect(await lab.served()).toBe('r3');
    expect(await lab.processes()).toEqual(before);
    expect((await lab.run(['status'])).out).not.toMatch(/drift|unfinished/);
  });
});
