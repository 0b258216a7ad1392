import { readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Lab } from './support/lab';

const HEALTH = { health: { timeoutMs: 2_000, intervalMs: 20 } };

describe('a release that cannot serve', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
    await lab.deploy('good');
    await lab.configure(HEALTH);
  });
  afterAll(() => lab.close());

  it.each([
    ['never listens', 'never-listens', 'after 2000 ms'],
    ['listens somewhere else', 'listens-elsewhere', 'it does not answer (ENOENT)'],
    ['ends at once', 'exits', 'it ended by itself'],
    ['ends at once, and well', 'exits-well', 'it ended by itself'],
    ['is never ready', 'not-ready', 'it answers 503; database: the fixture was told so'],
    ['is ready now and then', 'flaps', 'after 2000 ms'],
    ['says that it is another release', 'wrong-release', 'it says that it is release another'],
    ['says that it is another colour', 'wrong-colour', 'it says that it is none'],
    ['is not the process that was started', 'wrong-pid', 'was started'],
    ['marks its answers as those of another', 'answers-as-old', 'X-Release another'],
    ['answers as another behind nginx', 'answers-as-old-behind-nginx', 'Through nginx another answers'],
  ])('leaves the old one serving, with exit code 4: it %s', async (_, behaviour, reason) => {
    const before = await lab.processes();
    const load = lab.load(4);
    const { code, err } = await lab.run(['deploy', 'bad'], { fixture: `bad=${behaviour}` });
    expect((await load.stop()).failures).toEqual([]);
    expect(code).toBe(4);
    expect(err).toContain(reason);
    expect(err).toContain('blue (good) serves as before');
    expect(await lab.served()).toBe('good');
    expect(await lab.processes()).toEqual(before);
    expect((await lab.history()).at(-1)).toMatchObject({ outcome: 'undone', live: { release: 'good' } });
  });

  it('shows its last words', async () => {
    const { err } = await lab.run(['deploy', 'bad'], { fixture: 'bad=exits' });
    expect(err).toContain('| the fixture ends at once: no such table');
    expect(err).toContain('Next:');
  });

  it('tells a pipeline the same as JSON', async () => {
    const { code, out } = await lab.run(['deploy', 'bad', '--json'], { fixture: 'bad=exits' });
    const told = JSON.parse(out) as { ok: boolean; exitCode: number; error: { left: string } };
    expect(code).toBe(4);
    expect(told).toMatchObject({ ok: false, exitCode: 4 });
    expect(told.error.left).toContain('serves as before');
  });

  it('does not stop one that only starts slowly', async () => {
    await lab.configure({});
    await lab.deploy('slow', { fixture: 'slow=slow-start' });
    expect(await lab.served()).toBe('slow');
  });

  it('is not served either when it is the first one', async () => {
    const first = await Lab.open(HEALTH);
    const { code, err } = await first.run(['deploy', 'bad'], { fixture: 'exits' });
    expect(code).toBe(4);
    expect(err).toContain('Nothing serves');
    await first.deploy('good');
    expect(await first.served()).toBe('good');
    await first.close();
  });

  it('is not started when its migrations fail', async () => {
    const migrate = join(lab.dir, 'migrate.mjs');
    await writeFile(migrate, "console.error('no such column'); process.exit(7);");
    await lab.configure({ service: { entry: 'test/support/deploy-fixture/service.mjs', migrate } });
    const before = await lab.processes();
    const { code, err } = await lab.run(['deploy', 'unmigrated']);
    expect(code).toBe(4);
    expect(err).toContain('exit code 7');
    expect(err).toContain('| no such column');
    expect(await lab.processes()).toEqual(before);
    await rm(migrate);
  });
});

describe('an old colour', () => {
  let lab: Lab;
  beforeEach(async () => (lab = await Lab.open({ stop: { timeoutMs: 300 } })));
  afterEach(() => lab.close());

  it('that ignores SIGTERM is killed, and the receipt says so', async () => {
    await lab.deploy('r1', { fixture: 'r1=ignores-sigterm' });
    const { blue } = await lab.processes();
    const { steps } = await lab.json<{ steps: readonly { step: string; note?: string }[] }>(['deploy', 'r2']);
    expect(steps.find(({ step }) => step === 'stop')?.note).toContain('killed');
    expect(await lab.processes()).toMatchObject({ blue: null });
    expect(blue).toEqual(expect.any(Number));
  });

  it('that drops what is under way at SIGTERM has nothing under way by then', async () => {
    await lab.deploy('r1', { fixture: 'r1=drops-at-sigterm' });
    const load = lab.load();
    const slow = lab.ask('/api/v2/slow?ms=700');
    await lab.deploy('r2');
    expect((await slow).status).toBe(200);
    expect((await load.stop()).failures).toEqual([]);
  });
});

describe('what stands in the way', () => {
  let lab: Lab;
  beforeEach(async () => (lab = await Lab.open()));
  afterEach(() => lab.close());

  it('is named when somebody else has the port, and nothing was started', async () => {
    const stranger = createServer().listen(lab.port, '127.0.0.1');
    const { code, err } = await lab.run(['deploy', 'r1']);
    stranger.close();
    expect(code).toBe(5);
    expect(err).toContain('Address already in use');
    expect(err).toContain(`free port ${lab.port}`);
    expect(await lab.processes()).toEqual({ blue: null, green: null });
    await lab.deploy('r1');
    expect(await lab.served()).toBe('r1');
  });

  it('is a configuration that nginx refuses: the one in use stays', async () => {
    await lab.deploy('r1');
    const before = await readFile(join(lab.dir, 'nginx/nginx.conf'), 'utf8');
    await lab.configure({ nginx: { host: 'no-such-host.invalid' } });
    const { code, err } = await lab.run(['deploy', 'r2']);
    expect(code).toBe(5);
    expect(err).toContain('host not found');
    expect(await readFile(join(lab.dir, 'nginx/nginx.conf'), 'utf8')).toBe(before);
    expect(await lab.served()).toBe('r1');
  });

  it('is a configuration that nginx accepts and does not take: the old one goes on, and that is told', async () => {
    await lab.deploy('r1');
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.on('listening', resolve));
    const { port } = stranger.address() as { port: number };
    await lab.configure({ nginx: { port } });
    const { code, err } = await lab.run(['deploy', 'r2']);
    stranger.close();
    expect(code).toBe(5);
    expect(err).toContain('keeps its old configuration');
    expect(await lab.served()).toBe('r1');
  });

  it('is a state that a newer tool wrote', async () => {
    await lab.deploy('r1');
    const state = join(lab.dir, 'state.json');
    const newer = (await readFile(state, 'utf8')).replace('"schema": 1', '"schema": 2');
    await writeFile(state, newer);
    const { code, err } = await lab.run(['deploy', 'r2']);
    expect(code).toBe(5);
    expect(err).toContain('newer version');
    expect(await lab.served()).toBe('r1');
  });
});
