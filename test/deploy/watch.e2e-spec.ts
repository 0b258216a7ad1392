import { setTimeout as sleep } from 'node:timers/promises';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab, type Ended } from './support/lab';

type Receipt = Readonly<{ steps: readonly Readonly<{ step: string; note?: string }>[] }>;

const WATCH = {
  verify: { timeoutMs: 8_000 },
  watch: { forMs: 4_000, intervalMs: 20, slowMs: 100, maxSlowdown: 2, minRequests: 10 },
};
/** What the design promises: from the first trouble until everybody is served by the old release again. */
const BOUND_MS = 2_000;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open(WATCH);
  await lab.deploy('good');
});
afterAll(() => lab.close());

/** Asks afresh, again and again, while the work is done. @returns the longest time in which nobody was answered well */
async function longestOutage(work: () => Promise<void>): Promise<number> {
  let isOver = false;
  const done = work().finally(() => (isOver = true));
  let [lastGood, worst] = [performance.now(), 0];
  while (!isOver) {
    const signal = AbortSignal.timeout(200);
    const answer = await lab.ask('/api/v2/echo', { method: 'POST', body: '{}', signal }).catch(() => null);
    await answer?.text();
    await sleep(10);
    if (!answer?.ok) continue;
    worst = Math.max(worst, performance.now() - lastGood);
    lastGood = performance.now();
  }
  await done;
  return worst;
}

/** Deploys while people are there. */
async function deployUnderLoad(release: string, fixture = ''): Promise<Ended & { readonly failed: number }> {
  const load = lab.load(4);
  const ended = await lab.run(['deploy', release], { fixture }).finally(() => load.stop());
  return { ...ended, failed: (await load.stop()).failed };
}

describe('a release that goes wrong after the switch', () => {
  it('gives the traffic back when it is much slower than the one before', async () => {
    const { code, err, failed } = await deployUnderLoad('bad', 'bad=slow');
    expect([code, err]).toEqual([4, expect.stringContaining('the 95th percentile is')]);
    expect(failed).toBe(0);
    expect(await lab.served()).toBe('good');
  });

  it.each([
    ['dies', /its process ended|does not answer any more|nobody answers/],
    ['hangs', /does not answer any more|nobody answers/],
    ['fails', /of \d+ requests failed/],
  ])('gives the traffic back in less than 2 s: it %s', async (behaviour, reason) => {
    let deployed: Awaited<ReturnType<typeof deployUnderLoad>> | undefined;
    const outageMs = await longestOutage(async () => {
      deployed = await deployUnderLoad('bad', `bad=${behaviour}`);
    });
    expect(deployed?.err).toMatch(reason);
    expect(deployed?.err).toContain('blue (good) serves as before');
    expect(deployed?.code).toBe(4);
    expect(deployed?.failed).toBeGreaterThan(0);
    expect(outageMs).toBeLessThan(BOUND_MS);
    expect(await lab.served()).toBe('good');
    expect((await lab.run(['status'])).out).not.toMatch(/drift|unfinished/);
    expect((await lab.history()).at(-1)).toMatchObject({ outcome: 'undone', live: { release: 'good' } });
  });

  it('is not taken for good when it is silent as the window ends', async () => {
    await lab.configure({ ...WATCH, watch: { forMs: 1, intervalMs: 20 }, stop: { timeoutMs: 500 } });
    const deployer = await lab.freeze('bad', 'before:watch');
    const colour = (await lab.link()).startsWith('blue') ? 'blue' : 'green';
    process.kill((await lab.processes())[colour] ?? Number.NaN, 'SIGSTOP');
    process.kill(deployer.pid, 'SIGCONT');
    const { code, err } = await deployer.ended;
    expect([code, err]).toEqual([4, expect.stringContaining('does not answer any more')]);
    expect(await lab.served()).toBe('good');
    await lab.configure(WATCH);
  });

  it('is not gone on with either when the deployer dies as well', async () => {
    const deployer = lab.start(['deploy', 'bad', '--fault', 'before:watch:hang'], { fixture: 'bad=dies' });
    await waitFor(async () => (await lab.served()) === 'bad', { timeoutMs: 20_000, what: 'the switch' });
    process.kill(deployer.pid, 'SIGKILL');
    await deployer.ended;
    await lab.killLive();
    await lab.configure({});
    await lab.deploy('better');
    expect(await lab.served()).toBe('better');
    await lab.configure(WATCH);
  });
});

describe('a release that serves as well as the one before', () => {
  it('stays, and the receipt says on how many requests that is based', async () => {
    expect(await deployUnderLoad('fine')).toMatchObject({ code: 0, failed: 0 });
    const { steps } = (await lab.history()).at(-1) as Receipt;
    const note = steps.find(({ step }) => step === 'watch')?.note;
    expect(note).toMatch(/^[1-9]\d* requests, as well as before$/);
    expect(await lab.served()).toBe('fine');
  });

  it('is not called a success where nobody came: the receipt says that it is inconclusive', async () => {
    await lab.configure({ watch: { forMs: 300, intervalMs: 20 } });
    const { steps } = await lab.json<Receipt>(['deploy', 'unseen']);
    expect(steps.find(({ step }) => step === 'watch')?.note).toBe('inconclusive: 0 requests, fewer than 20');
  });
});
