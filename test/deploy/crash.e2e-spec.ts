import { execFileSync } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

const LONGER_THAN_A_LOOK_MS = 4_000;

describe('what a killed deployer began', () => {
  let lab: Lab;
  beforeEach(async () => {
    lab = await Lab.open();
    await lab.deploy('r1');
  });
  afterEach(() => lab.close());

  it('is finished when the switch had been verified', async () => {
    await lab.run(['deploy', 'r2', '--fault', 'before:record:kill9']);
    expect((await lab.run(['status'])).out).toContain('the next deploy finishes it');
    const { out } = await lab.run(['deploy', 'r2']);
    expect(out).toContain('Finishing what was begun: green (r2) had been verified');
    expect(out).toContain('is live already');
    expect(await lab.processes()).toMatchObject({ blue: null });
  });

  it('is undone when it had not, and shown so by the plan', async () => {
    await lab.run(['deploy', 'r2', '--fault', 'after:switch:kill9']);
    expect(await lab.served()).toBe('r2');
    const { out } = await lab.run(['plan', 'r2']);
    expect(out).toContain('An earlier run did not finish');
    expect(out).toContain('switch from green (r2) to blue (r1)');
    const { code, out: told } = await lab.run(['rollback']);
    expect([code, told]).toEqual([
      0,
      expect.stringContaining('deploy of green (r2) was undone: blue (r1) is live'),
    ]);
    expect(await lab.served()).toBe('r1');
  });

  it('is settled, and nothing else is done, by the command that is for that alone', async () => {
    expect((await lab.run(['settle'])).out).toContain('Nothing was under way; blue (r1) serves.');
    await lab.run(['deploy', 'r2', '--fault', 'after:switch:kill9']);
    const { settled, live } = await lab.json<{ settled: object; live: object }>(['settle']);
    expect(settled).toMatchObject({ direction: 'back' });
    expect(live).toEqual({ colour: 'blue', release: 'r1' });
    await lab.run(['deploy', 'r2', '--fault', 'before:record:kill9']);
    expect((await lab.run(['settle'])).out).toContain('What was begun is finished; green (r2) serves.');
    expect(await lab.processes()).toMatchObject({ blue: null });
    expect((await lab.run(['status'])).out).not.toContain('unfinished');
  });

  it('is settled when recovering is interrupted, too', async () => {
    await lab.run(['deploy', 'r2', '--fault', 'after:switch:kill9']);
    const { blue } = await lab.processes();
    // Both ways are open; then the one to go back to dies.
    lab.kill(blue);
    await lab.deploy('r3');
    expect(await lab.served()).toBe('r3');
  });

  it('does not keep a fix from being deployed after a reboot', async () => {
    await lab.run(['deploy', 'r2', '--fault', 'after:switch:kill9']);
    const { blue, green } = await lab.processes();
    const nginx = Number(await readFile(`${lab.dir}/nginx/nginx.pid`, 'utf8'));
    // A machine that dies takes the workers along; killed alone, the master would leave them behind.
    const workers = (await readFile(`/proc/${nginx}/task/${nginx}/children`, 'utf8')).trim().split(' ');
    lab.kill(blue, green, nginx, ...workers.map(Number));
    await lab.deploy('r3');
    expect(await lab.served()).toBe('r3');
    expect((await lab.run(['status'])).out).not.toMatch(/drift|unfinished/);
  });

  it.each(['SIGINT', 'SIGTERM'] as const)(
    'is undone by the next command when %s cancelled it',
    async (name) => {
      const deployer = lab.start(['deploy', 'r2', '--fault', 'before:verify:hang']);
      await waitFor(async () => (await lab.served()) === 'r2', { timeoutMs: 20_000, what: 'the switch' });
      process.kill(deployer.pid, name);
      expect((await deployer.ended).err).toContain(`Interrupted by ${name}`);
      expect((await lab.run(['deploy', 'r1'])).out).toContain(
        'Undoing what was begun: blue (r1) still serves',
      );
      expect(await lab.served()).toBe('r1');
    },
  );

  it('is undone by the deployer itself when it meets a bug of its own, with exit code 1', async () => {
    const load = lab.load(4);
    const { code, err } = await lab.run(['deploy', 'r2', '--fault', 'after:switch:throw']);
    expect((await load.stop()).failures).toEqual([]);
    expect(code).toBe(1);
    expect(err).toContain('blue (r1) serves as before');
    expect(await lab.served()).toBe('r1');
  });

  it('is finished by the deployer itself when it meets one after the verification, and the receipt says so', async () => {
    const { code, err } = await lab.run(['deploy', 'r2', '--fault', 'after:record:throw']);
    expect([code, err]).toEqual([
      1,
      expect.stringContaining('green (r2) is live: what was begun is finished'),
    ]);
    expect(await lab.processes()).toMatchObject({ blue: null });
    expect((await lab.history()).at(-1)).toMatchObject({ outcome: 'done', live: { release: 'r2' } });
  });

  it('is taken back by a rollback, also when it was recorded already, and the next one goes to the release before', async () => {
    await lab.deploy('r2');
    await lab.run(['deploy', 'r3', '--fault', 'after:record:kill9']);
    const { out } = await lab.run(['rollback']);
    expect(out).toContain('of blue (r3) was undone: green (r2) is live. One more rollback goes to r1.');
    await lab.json(['rollback']);
    expect(await lab.served()).toBe('r1');
  });

  it('is undone in favour of what served before, also when that is too busy to answer at once', async () => {
    await lab.run(['deploy', 'r2', '--fault', 'after:switch:kill9']);
    const { blue } = await lab.processes();
    if (blue === null) throw new Error('blue runs');
    process.kill(blue, 'SIGSTOP');
    const settling = lab.start(['settle', '--json']);
    const begin = performance.now();
    const isLongEnough = () => performance.now() - begin > LONGER_THAN_A_LOOK_MS;
    await waitFor(isLongEnough, { timeoutMs: 20_000, what: 'a colour that has been busy for long' });
    process.kill(blue, 'SIGCONT');
    expect((await settling.ended).code).toBe(0);
    expect(await lab.served()).toBe('r1');
  });

  it('is a first deploy: what answers already is kept', async () => {
    const first = await Lab.open();
    await first.run(['deploy', 'r1', '--fault', 'after:switch:kill9']);
    const { out } = await first.run(['deploy', 'r1']);
    expect(out).toContain('only blue (r1) serves');
    expect(await first.served()).toBe('r1');
    await first.close();
  });
});

describe('nginx', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
    await lab.deploy('r1');
  });
  afterAll(() => lab.close());
  afterEach(() => lab.configure({}));

  /** The master and its workers, as words of a shell. */
  const all = () => `$(cat ${lab.dir}/nginx/nginx.pid) $(pgrep -P $(cat ${lab.dir}/nginx/nginx.pid))`;
  const die = () => `kill -KILL ${all()}`;

  it('that dies after the verification is started again before the deploy ends', async () => {
    await lab.configure({ hooks: { 'post-switch': die() } });
    const { steps } = await lab.json<{ steps: readonly { step: string }[] }>(['deploy', 'r2']);
    expect(steps.map(({ step }) => step)).toContain('recover:start-nginx');
    expect(await lab.served()).toBe('r2');
  });

  it('that dies then and does not start again is no success: the release is live, and nobody gets to it', async () => {
    const files = `${lab.dir}/nginx/nginx.conf*`;
    await lab.configure({ hooks: { 'post-switch': `${die()}; rm ${files}` } });
    const { code, err } = await lab.run(['deploy', 'r3']);
    expect([code, err]).toEqual([
      5,
      expect.stringContaining('blue (r3) is live, and people do not get to it'),
    ]);
    expect((await lab.history()).at(-1)).toMatchObject({ outcome: 'failed', live: { release: 'r3' } });
    await lab.configure({});
    await lab.deploy('r3');
    expect(await lab.served()).toBe('r3');
  });

  it('that dies before the verification is started again: 4 says that what served before serves', async () => {
    await lab.configure({ hooks: { 'pre-switch': die() } });
    const { code, err } = await lab.run(['deploy', 'r4']);
    expect([code, err]).toEqual([4, expect.stringContaining('blue (r3) serves as before')]);
    expect(await lab.served()).toBe('r3');
  });

  it('that hangs is no bug: status says it, and the next command ends it and starts it again', async () => {
    execFileSync('/bin/sh', ['-c', `kill -STOP ${all()}`]);
    const { code, out } = await lab.run(['status']);
    expect([code, out]).toEqual([0, expect.stringMatching(/nginx +hangs/)]);
    await lab.json(['rollback']);
    expect(await lab.served()).toBe('r2');
  });
});
