import { rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { Lab, type Running } from './support/lab';

/** On a machine that is busy to its limit every process takes seconds to start; nothing here waits for a deadline. */
jest.setTimeout(180_000);
const CALM = { verify: { timeoutMs: 30_000 } };

/** Stopped by hand (SIGSTOP, Ctrl-Z) it holds the lock and does nothing, for as long as somebody leaves it so. */
describe('a deployer that is stopped', () => {
  let lab: Lab;
  let number = 0;
  beforeAll(async () => {
    lab = await Lab.open({ ...CALM, stop: { timeoutMs: 5_000, keepOld: true } });
    await lab.deploy('r0');
  });
  afterAll(() => lab.close());

  const goOn = ({ pid }: Running) => process.kill(pid, 'SIGCONT');
  const other = async () => ((await lab.link()).startsWith('blue') ? 'green' : 'blue');
  const name = () => `r${(number += 1)}`;

  /** However it went: one colour serves, and everything names that one. */
  async function expectOrder(release: string): Promise<void> {
    expect(await lab.served()).toBe(release);
    const { out } = await lab.run(['status']);
    expect(out).toContain(`(${release})`);
    expect(out).not.toMatch(/drift|unfinished|busy/);
  }

  /** What served before goes on to serve, and nobody loses a request. @returns what the deployer says when it ends */
  async function continuedInAnotherWorld(moment: string, change: (linkBefore: string) => Promise<unknown>) {
    const [live, release] = [(await lab.served()) ?? '', name()];
    const before = await lab.link();
    const holder = await lab.freeze(release, moment);
    await change(before);
    const load = lab.load(4);
    goOn(holder);
    const { code, err } = await holder.ended;
    expect((await load.stop()).failures).toEqual([]);
    await expectOrder(live);
    return { code, err, live };
  }

  async function linkByHand(target: string): Promise<void> {
    expect(await lab.link()).not.toBe(target);
    await rm(join(lab.dir, 'run/live.sock'));
    await symlink(target, join(lab.dir, 'run/live.sock'));
  }

  it('keeps the lock: others are told that it is stopped, change nothing, and learn what can be done', async () => {
    const release = name();
    const holder = await lab.freeze(release, 'before:switch');
    const before = await lab.processes();
    const { code, err } = await lab.run(['deploy', 'impatient']);
    expect(code).toBe(3);
    expect(err).toContain(`process ${holder.pid} of`);
    expect(err).toContain(', and is stopped');
    expect(err).toContain('deploy -- unlock');
    expect((await lab.run(['unlock'])).out).toContain(`kill -CONT ${holder.pid}`);
    expect(await lab.processes()).toEqual(before);
    const load = lab.load(4);
    goOn(holder);
    expect((await holder.ended).code).toBe(0);
    expect((await load.stop()).failures).toEqual([]);
    await expectOrder(release);
  });

  it('does not switch, when it is continued, to a colour that has died meanwhile', async () => {
    const die = async () => lab.kill((await lab.processes())[await other()]);
    const { code, err } = await continuedInAnotherWorld('before:switch', die);
    expect([code, err]).toEqual([4, expect.stringContaining('does not answer any more')]);
  });

  it('does not record, when it is continued, what has lost the traffic by hand meanwhile', async () => {
    const { code, err } = await continuedInAnotherWorld('before:record', linkByHand);
    expect([code, err]).toEqual([5, expect.stringContaining('the traffic is no longer on')]);
  });

  it('does not stop, when it is continued, a colour that has got the traffic back by hand', async () => {
    await lab.configure(CALM);
    const { code, err, live } = await continuedInAnotherWorld('before:drain', linkByHand);
    expect([code, err]).toEqual([5, expect.stringContaining(`(${live}) again`)]);
  });

  it.each([
    ['after:verify', 'undone'],
    ['before:record', 'finished'],
  ])('killed instead (%s), holds nothing: what it began is %s by the next command', async (moment, how) => {
    const [live, release] = [await lab.served(), name()];
    const holder = await lab.freeze(release, moment);
    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
    const load = lab.load(4);
    const { code } = await lab.run(['deploy', (how === 'finished' ? release : live) ?? '']);
    expect((await load.stop()).failures).toEqual([]);
    expect(code).toBe(0);
    await expectOrder((how === 'finished' ? release : live) ?? '');
  });
});
