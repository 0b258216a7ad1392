import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { Lab } from './support/lab';

type Step = Readonly<{ step: string }>;
type Action = Readonly<{ kind: string }>;

const FIXTURE_FOLDER = 'test/support/deploy-fixture';

/** Puts the fixture into a folder of its own, as a release. */
async function unpack(lab: Lab, id: string, more = ''): Promise<void> {
  const target = join(lab.dir, 'releases', id, FIXTURE_FOLDER);
  await cp(join(ROOT, FIXTURE_FOLDER), target, { recursive: true });
  await writeFile(join(target, 'more.mjs'), more);
}

describe('one deploy after another', () => {
  let lab: Lab;
  beforeAll(async () => (lab = await Lab.open()));
  afterAll(() => lab.close());

  it('begins with a machine on which nothing runs', async () => {
    const { code, out } = await lab.run(['status']);
    expect(code).toBe(0);
    expect(out).toContain('nothing serves');
  });

  it('runs exactly the steps that the plan shows', async () => {
    const plan = await lab.json<{ actions: readonly Action[] }>(['plan', 'r1']);
    const dry = await lab.json<{ actions: readonly Action[] }>(['deploy', 'r1', '--dry-run']);
    const receipt = await lab.json<{ steps: readonly Step[] }>(['deploy', 'r1']);
    expect(dry).toEqual(plan);
    expect(receipt.steps.map(({ step }) => step)).toEqual(plan.actions.map(({ kind }) => kind));
    expect(await lab.served()).toBe('r1');
  });

  it('serves the next release from the other colour and stops the old one, under load, without a failure', async () => {
    const before = await lab.processes();
    const load = lab.load();
    await lab.deploy('r2');
    const { failed, failures, requests } = await load.stop();
    expect(failures).toEqual([]);
    expect(failed).toBe(0);
    expect(requests).toBeGreaterThan(100);
    expect(await lab.served()).toBe('r2');
    expect(before).toMatchObject({ blue: expect.any(Number) as number, green: null });
    expect(await lab.processes()).toMatchObject({ blue: null, green: expect.any(Number) as number });
    expect(await lab.link()).toBe('green-r2.sock');
  });

  it('lets a long request that is under way finish on the old colour', async () => {
    const slow = lab.ask('/api/v2/slow?ms=1500');
    await lab.deploy('r3');
    const answer = await slow;
    expect([answer.status, answer.headers.get('x-release')]).toEqual([200, 'r2']);
    expect(await lab.served()).toBe('r3');
  });

  it('does nothing for a release that is live already', async () => {
    const before = await lab.processes();
    const { code, out } = await lab.run(['deploy', 'r3']);
    expect(code).toBe(0);
    expect(out).toContain('is live already');
    expect(await lab.processes()).toEqual(before);
  });

  it('goes back to the release before without being told which', async () => {
    const { code, out } = await lab.run(['rollback']);
    expect(code).toBe(0);
    expect(out).toContain('(r2) is live');
    expect(await lab.served()).toBe('r2');
  });

  it('shows what is live, what is not, and the way back', async () => {
    const { out } = await lab.run(['status']);
    const { blue, green } = await lab.processes();
    expect(out).toMatch(/live +(blue|green) \(r2\)/);
    expect(out).toContain(`process ${blue ?? green}`);
    expect(out).toContain('rollback  to r3');
    expect(out).not.toContain('drift');
  });

  it('keeps a receipt of everything it did', async () => {
    const history = await lab.history();
    expect(history.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done', 'nothing-to-do', 'done']);
    expect(history.at(-1)).toMatchObject({
      intent: 'rollback',
      from: { release: 'r3' },
      to: { release: 'r2' },
      live: { release: 'r2' },
      by: expect.any(String) as string,
      durationMs: expect.any(Number) as number,
    });
  });

  it('starts a release of its own folder from there, and refuses other code under its id later', async () => {
    await unpack(lab, 'packed');
    await lab.deploy('packed');
    expect(await lab.served()).toBe('packed');
    await unpack(lab, 'packed', 'export const changed = true;');
    const { code, err } = await lab.run(['deploy', 'packed']);
    expect(code).toBe(2);
    expect(err).toContain('an id stands for one release');
  });

  it('brings a release up again whose process was killed', async () => {
    await lab.killLive();
    expect((await lab.ask('/api/v2/time')).status).toBe(503);
    expect((await lab.run(['status'])).out).toContain('drift');
    await lab.deploy('fix');
    expect(await lab.served()).toBe('fix');
  });

  it('goes by what answers when the state is damaged', async () => {
    await writeFile(join(lab.dir, 'state.json'), '{"checksum":');
    await writeFile(join(lab.dir, 'state.json.previous'), '');
    expect((await lab.run(['status'])).out).toMatch(/live +(blue|green) \(fix\)/);
    const load = lab.load();
    await lab.deploy('after-damage');
    expect((await load.stop()).failures).toEqual([]);
    expect(await lab.served()).toBe('after-damage');
  });
});

describe('taking a private site down', () => {
  let lab: Lab;
  beforeEach(async () => (lab = await Lab.open()));
  afterEach(() => lab.close());

  it('ends nginx and both colours, and the next deploy starts everything again', async () => {
    await lab.deploy('r1');
    const { code, out } = await lab.run(['down']);
    expect([code, out]).toEqual([0, 'Stopped nginx, blue (stopped).\n']);
    await expect(lab.ask('/')).rejects.toThrow();
    expect(await lab.processes()).toEqual({ blue: null, green: null });
    await lab.deploy('r1');
    expect(await lab.served()).toBe('r1');
  });

  it('works in a checkout whose name is too long for sockets', async () => {
    await lab.configure({ stateDir: join(lab.dir, 'x'.repeat(100)) });
    await lab.deploy('r1');
    await lab.deploy('r2');
    expect(await lab.served()).toBe('r2');
    expect((await lab.run(['down'])).out).toContain('green (stopped)');
  });

  it('is refused where nginx belongs to somebody else', async () => {
    await lab.configure({ nginx: { manage: false } });
    const { code, err } = await lab.run(['down']);
    expect(code).toBe(2);
    expect(err).toContain('belongs to somebody else');
  });
});

describe('wrong usage', () => {
  let lab: Lab;
  beforeAll(async () => (lab = await Lab.open()));
  afterAll(() => lab.close());

  it.each([
    ['an unknown command', ['ship'], 'unknown command'],
    ['no release', ['deploy'], 'missing required argument'],
    ['an id that is none', ['deploy', '../up'], 'is not a release id'],
    ['a rollback with nothing behind it', ['rollback'], 'no earlier release'],
  ])('is told with exit code 2: %s', async (_, words, message) => {
    const { code, err } = await lab.run(words);
    expect(code).toBe(2);
    expect(err).toContain(message);
  });

  it('names every wrong setting at once', async () => {
    await lab.configure({ health: { inARow: 0 }, runDir: `/${'x'.repeat(90)}`, colour: 'red' });
    const { code, err } = await lab.run(['deploy', 'r1']);
    expect(code).toBe(2);
    expect(err).toContain('health.inARow');
    expect(err).toContain('colour');
  });

  it('refuses a run folder in which sockets would be cut off silently', async () => {
    await lab.configure({ runDir: `/${'x'.repeat(90)}` });
    expect((await lab.run(['status'])).err).toContain('is too long');
  });

  it('says what it can do', async () => {
    const { code, out } = await lab.run(['--help']);
    expect(code).toBe(0);
    expect(out).toContain('Exit codes');
    expect(out).toContain('rollback');
    expect(out).not.toContain('--fault');
  });
});
