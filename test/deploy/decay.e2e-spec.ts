import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { identityOf } from '../../scripts/lib/processes.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab, type Ended } from './support/lab';

/** On a machine that is busy to its limit every process takes seconds to start; nothing here waits for a deadline. */
jest.setTimeout(180_000);
const CALM = { verify: { timeoutMs: 30_000 } };

type Receipt = Readonly<{
  error?: string;
  probe?: Readonly<{ failed: number }>;
  steps: readonly Readonly<{ step: string; note?: string }>[];
}>;

/** Long enough for what comes slowly; what is found ends it at once. */
const WATCH = {
  ...CALM,
  watch: {
    forMs: 15_000,
    intervalMs: 20,
    minRequests: 10,
    slowMs: 100,
    maxSlowdown: 2,
    maxRssMiB: 400,
    maxDescriptors: 60,
  },
};

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open(CALM);
  await lab.deploy('good');
});
afterAll(() => lab.close());

async function deployUnderLoad(
  release: string,
  fixture: string,
): Promise<Ended & { readonly failed: number }> {
  const load = lab.load(6);
  // As much traffic before the switch as a comparison needs.
  const logged = async () => (await readFile(join(lab.dir, 'nginx/access.log'), 'utf8')).split('\n').length;
  const atFirst = await logged();
  await waitFor(async () => (await logged()) > atFirst + 150, { timeoutMs: 20_000, what: 'traffic' });
  const ended = await lab.run(['deploy', release], { fixture }).finally(() => load.stop());
  return { ...ended, failed: (await load.stop()).failed };
}

describe('a release that was healthy and is not well', () => {
  beforeAll(() => lab.configure(WATCH));
  afterAll(() => lab.configure(CALM));

  it.each([
    ['answers 5 % of the requests with 500', 'errors-5-percent', /of \d+ requests failed/, 1],
    ['is slow with few of them', 'slow-3-percent', /the 99th percentile is \d+ ms/, 0],
    ['dies a second after the switch', 'dies-after=1', /its process ended|does not answer any more/, 1],
    ['does not give back what it opens', 'leaks', /it has \d+ open descriptors, more than 60/, 0],
  ])('loses the traffic again, and the receipt says why: it %s', async (_, behaviour, reason, atLeast) => {
    const { code, err, failed } = await deployUnderLoad('bad', `bad=${behaviour}`);
    expect([code, err]).toEqual([4, expect.stringMatching(reason)]);
    expect(err).toContain('(good) serves as before');
    expect(failed).toBeGreaterThanOrEqual(atLeast);
    if (atLeast === 0) expect(failed).toBe(0);
    expect(await lab.served()).toBe('good');
    expect((await lab.history()).at(-1)).toMatchObject({
      outcome: 'undone',
      live: { release: 'good' },
      error: expect.stringMatching(reason) as string,
      probe: { requests: expect.any(Number) as number },
    });
  });

  it('loses the traffic again when its memory grows', async () => {
    await lab.configure({ ...CALM, watch: { ...WATCH.watch, maxRssMiB: 130, maxDescriptors: null } });
    const { code, err, failed } = await deployUnderLoad('bad', 'bad=leaks');
    expect([code, err]).toEqual([4, expect.stringMatching(/it uses \d+ MiB of memory, more than 130/)]);
    expect(failed).toBe(0);
    expect(await lab.served()).toBe('good');
  });
});

describe('a release that dies when nobody watches it any more', () => {
  it('is named by status, and a rollback brings what served before up at once', async () => {
    await lab.configure(CALM);
    await lab.deploy('mortal', { fixture: 'mortal=dies-after=2' });
    const isDown = async () => (await lab.ask('/api/v2/time')).status === 503;
    await waitFor(isDown, { timeoutMs: 20_000, what: 'the end of the release' });
    const { out } = await lab.run(['status']);
    expect(out).toContain('nothing serves');
    expect(out).toMatch(/drift +the state names \w+ \(mortal\) as live/);
    expect((await lab.run(['rollback'])).code).toBe(0);
    expect(await lab.served()).toBe('good');
    expect((await lab.run(['status'])).out).not.toMatch(/drift|unfinished/);
  });
});

describe('an old colour', () => {
  const noteOf = ({ steps }: Receipt, wanted: string) => steps.find(({ step }) => step === wanted)?.note;

  it('that ends as soon as it is left loses what is under way on it, and does not keep the deploy from its end', async () => {
    const [left = ''] = (await lab.link()).split('-');
    const slow = lab.ask('/api/v2/slow?ms=20000');
    const deployer = lab.start(['deploy', 'unhurried', '--json', '--fault', 'before:drain:stop']);
    const isStopped = async () => / T /.test(await readFile(`/proc/${deployer.pid}/stat`, 'utf8'));
    await waitFor(isStopped, { timeoutMs: 20_000, what: 'the deployer to stop' });
    const load = lab.load(4);
    lab.kill((await lab.processes())[left as 'blue' | 'green']);
    process.kill(deployer.pid, 'SIGCONT');
    const { code, out } = await deployer.ended;
    expect((await load.stop()).failures).toEqual([]);
    expect([code, (await slow).status]).toEqual([0, 503]);
    expect(noteOf((JSON.parse(out) as { result: Receipt }).result, 'drain')).toBe('it has ended by itself');
    expect(await lab.served()).toBe('unhurried');
  });

  it('takes with it what it has started, whether it was stopped or had died, and nobody else', async () => {
    for (const [release, dies] of [
      ['parent-1', false],
      ['parent-2', true],
    ] as const) {
      await lab.deploy(release, { fixture: `${release}=leaves-children` });
      const { blue, green } = await lab.processes();
      const log = await readFile(join(lab.dir, 'log', `${blue ? 'blue' : 'green'}-${release}.log`), 'utf8');
      const child = Number(/"child":(\d+)/.exec(log)?.[1]);
      expect(identityOf(child)).toBeDefined();
      if (dies) lab.kill(blue ?? green);
      // Two deploys: the second one takes the place of the dead one.
      for (const next of dies ? ['x1', 'x2'] : [`after-${release}`]) await lab.deploy(next);
      expect(identityOf(child)).toBeUndefined();
    }
    expect(identityOf(process.pid)).toBeDefined();
  });
});
