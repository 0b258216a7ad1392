import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { identityOf } from '../../scripts/lib/processes.mjs';
import { Lab } from './support/lab';

type Step = Readonly<{ step: string; note?: string }>;
type Kept = Readonly<{ steps: readonly Step[]; notes: readonly string[]; outcome: string }>;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
  await lab.deploy('good');
});
afterAll(() => lab.close());
afterEach(() => lab.configure({}));

const lastReceipt = async () => (await lab.history()).at(-1) as Kept;
const seenBy = async (hook: string) =>
  JSON.parse(await readFile(join(lab.dir, `${hook}.json`), 'utf8')) as Readonly<Record<string, unknown>>;

describe('the hooks of a deploy', () => {
  it('are run in their order, with what goes on as JSON on stdin, and their output is kept', async () => {
    const hook = (name: string) => `tee ${lab.dir}/${name}.json; echo ${name} >> ${lab.dir}/order`;
    const names = ['pre-deploy', 'post-health', 'pre-switch', 'post-switch', 'post-deploy'];
    await lab.configure({ hooks: Object.fromEntries(names.map((name) => [name, hook(name)])) });
    await lab.deploy('r1', { env: { GITHUB_ACTOR: 'mina' } });
    expect((await readFile(join(lab.dir, 'order'), 'utf8')).trim().split('\n')).toEqual(names);
    const facts = await seenBy('pre-switch');
    expect(facts).toMatchObject({
      hook: 'pre-switch',
      from: { release: 'good' },
      to: { colour: 'green', release: 'r1' },
      askedBy: 'mina',
    });
    const log = await readFile(join(lab.dir, 'log/pre-switch-r1.log'), 'utf8');
    expect(JSON.parse(log)).toEqual(facts);
  });

  it.each(['pre-deploy', 'post-health', 'pre-switch'])('stop it before the switch: %s', async (name) => {
    const live = await lab.served();
    await lab.configure({ hooks: { [name]: 'echo "not today" >&2; exit 3' } });
    const load = lab.load(4);
    const { code, err } = await lab.run(['deploy', 'stopped']).finally(() => load.stop());
    expect((await load.stop()).failures).toEqual([]);
    expect([code, err]).toEqual([4, expect.stringContaining(`The ${name} hook failed: exit code 3.`)]);
    expect(err).toContain('| not today');
    expect(await lab.served()).toBe(live);
    const { steps } = await lastReceipt();
    expect(steps.map(({ step }) => step)).not.toContain('switch');
  });

  it('stop it when they take too long, and nothing that they started goes on', async () => {
    await lab.configure({
      hooks: { timeoutMs: 300, 'pre-switch': 'sleep 61 & echo $! > /dev/stdout; wait' },
    });
    const { code, err } = await lab.run(['deploy', 'late']);
    expect([code, err]).toEqual([4, expect.stringContaining('did not end within 300 ms and was killed')]);
    const child = Number(await readFile(join(lab.dir, 'log/pre-switch-late.log'), 'utf8'));
    expect(child).toBeGreaterThan(1);
    expect(identityOf(child)).toBeUndefined();
  });

  it('give the traffic back when the one after the switch fails', async () => {
    const live = await lab.served();
    await lab.configure({ hooks: { 'post-switch': 'exit 1' } });
    const load = lab.load(4);
    const { code, err } = await lab.run(['deploy', 'given-back']).finally(() => load.stop());
    expect((await load.stop()).failures).toEqual([]);
    expect([code, err]).toEqual([4, expect.stringContaining('The post-switch hook failed')]);
    expect(err).toContain(`(${live}) serves as before`);
    expect(await lab.served()).toBe(live);
  });

  it('are only noted where everything is over', async () => {
    await lab.configure({ hooks: { 'post-deploy': 'exit 9' } });
    await lab.deploy('r2');
    const { steps, outcome } = await lastReceipt();
    expect(outcome).toBe('done');
    expect(steps.at(-1)).toMatchObject({ step: 'post-deploy' });
    expect(steps.at(-1)?.note).toContain('The post-deploy hook failed: exit code 9.');
  });

  it('hear of a failure when all is undone, and their own failure is a note', async () => {
    await lab.configure({ hooks: { 'on-failure': `cat > ${lab.dir}/on-failure.json; exit 2` } });
    expect((await lab.run(['deploy', 'bad'], { fixture: 'bad=exits' })).code).toBe(4);
    expect(await seenBy('on-failure')).toMatchObject({
      hook: 'on-failure',
      outcome: 'undone',
      live: { release: 'r2' },
      error: expect.stringContaining('not healthy') as string,
    });
    expect((await lastReceipt()).notes).toEqual(['the on-failure hook failed: exit code 2']);
  });
});

describe('the smoke commands', () => {
  it('are run against the new release before it gets traffic', async () => {
    const ask = `node -e 'require("http").get({socketPath: process.env.SOCKET_PATH, path: "/health/live"}, (r) => r.pipe(process.stdout))'`;
    await lab.configure({ smoke: { commands: [ask, 'test "$RELEASE" = smoked'] } });
    await lab.deploy('smoked');
    const { steps } = await lastReceipt();
    expect(steps.find(({ step }) => step === 'smoke')).toMatchObject({ note: '2 passed' });
    const said = JSON.parse(await readFile(join(lab.dir, 'log/smoke-smoked.log'), 'utf8')) as object;
    expect(said).toMatchObject({ release: 'smoked' });
  });

  it('leave the old one serving when one fails', async () => {
    await lab.configure({ smoke: { commands: ['true', 'echo "no rooms" && false', 'touch never'] } });
    const { code, err } = await lab.run(['deploy', 'unfit']);
    expect([code, err]).toEqual([4, expect.stringContaining('does not pass `echo "no rooms" && false`')]);
    expect(err).toContain('| no rooms');
    expect(await lab.served()).toBe('smoked');
  });
});

describe('the notice', () => {
  const heard: string[] = [];
  let status = 200;
  let server: Server;
  let webhook: string;
  beforeAll(async () => {
    server = createServer((request, response) => {
      void text(request).then((body) => {
        heard.push((JSON.parse(body) as { text: string }).text);
        if (status > 0) response.writeHead(status).end('ok');
      });
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.on('listening', resolve));
    webhook = `http://127.0.0.1:${(server.address() as AddressInfo).port}/services/SECRET`;
  });
  beforeEach(() => {
    heard.length = 0;
    status = 200;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  it('says how a deploy ended, when it has ended', async () => {
    await lab.configure({ notify: { webhook } });
    await lab.deploy('told', { env: { GITHUB_ACTOR: 'mina' } });
    expect(heard).toEqual([expect.stringMatching(/Deployed: \w+ \(told\) is live .*0 failed.*by mina$/s)]);
  });

  it('does not call a failure a success', async () => {
    await lab.configure({ notify: { webhook } });
    await lab.run(['deploy', 'bad'], { fixture: 'bad=exits' });
    expect(heard).toEqual([expect.stringMatching(/undone: \w+ \(bad\); \w+ \(told\) serves.*not healthy/s)]);
  });

  it.each([
    [500, 'the webhook answered 500'],
    [-1, 'the webhook did not answer within 200 ms'],
  ])('that is not taken (%i) is a note, and its address is not shown', async (answer, note) => {
    status = answer;
    await lab.configure({ notify: { webhook, timeoutMs: 200 } });
    const { code, out, err } = await lab.run(['deploy', `untold${answer}`]);
    expect([code, out]).toEqual([0, expect.stringContaining(`note: ${note}`)]);
    expect(out + err).not.toContain('SECRET');
  });
});
