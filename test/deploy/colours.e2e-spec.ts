import { Lab } from './support/lab';

type Kept = Readonly<{ intent: string; steps: readonly Readonly<{ step: string }>[] }>;

const KEEP = { stop: { timeoutMs: 5_000, keepOld: true } };

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open(KEEP);
  await lab.deploy('r1');
});
afterAll(() => lab.close());

const stepsOfLast = async () => ((await lab.history()).at(-1) as Kept).steps.map(({ step }) => step);

describe('an old colour that is kept', () => {
  it('is not there at first: a switch is refused with the reason', async () => {
    const { code, err } = await lab.run(['switch']);
    expect([code, err]).toEqual([2, expect.stringContaining('nothing runs on green')]);
    expect(err).toContain('blue (r1) serves as before');
  });

  it('stays warm after a deploy, and the traffic goes to and fro without a start or a lost request', async () => {
    const load = lab.load(6);
    try {
      await lab.deploy('r2');
      const both = await lab.processes();
      expect(both).toEqual({ blue: expect.any(Number) as number, green: expect.any(Number) as number });
      const { out } = await lab.run(['switch']);
      expect(out).toContain('Switched: blue (r1) is live');
      expect(await lab.served()).toBe('r1');
      expect((await lab.run(['rollback'])).code).toBe(0);
      expect(await lab.served()).toBe('r2');
      expect(await stepsOfLast()).not.toContain('start');
      expect(await lab.processes()).toEqual(both);
    } finally {
      await load.stop();
    }
    expect((await load.stop()).failures).toEqual([]);
  });

  it('is not switched to when it is not healthy', async () => {
    const live = await lab.served();
    const idle = (await lab.link()).startsWith('blue') ? 'green' : 'blue';
    const pid = (await lab.processes())[idle];
    process.kill(pid ?? Number.NaN, 'SIGSTOP');
    const { code, err } = await lab.run(['switch']);
    process.kill(pid ?? Number.NaN, 'SIGCONT');
    expect([code, err]).toEqual([4, expect.stringContaining('does not answer')]);
    expect(await lab.served()).toBe(live);
  });
});

describe('draining a colour', () => {
  it('is refused for the one that has the traffic, and for what is no colour', async () => {
    const live = (await lab.link()).split('-')[0] ?? '';
    const { code, err } = await lab.run(['drain', live]);
    expect([code, err]).toEqual([2, expect.stringContaining('has the traffic')]);
    expect((await lab.run(['drain', 'red'])).err).toContain('"red" is no colour');
  });

  it('waits for what is under way there, and stops it', async () => {
    const slow = lab.ask('/api/v2/slow?ms=1500');
    const left = (await lab.link()).split('-')[0] as 'blue' | 'green';
    expect((await lab.run(['switch'])).code).toBe(0);
    const { code, out } = await lab.run(['drain', left]);
    expect([code, out]).toEqual([0, expect.stringContaining(`stop ${left}`)]);
    expect((await slow).status).toBe(200);
    expect((await lab.processes())[left]).toBeNull();
    const again = await lab.run(['drain', left]);
    expect([again.code, again.out]).toEqual([0, `Nothing runs on ${left}.\n`]);
  });
});

describe('maintenance', () => {
  it('closes the site to people, while deploys go on, and nginx may be started afresh', async () => {
    const { code, out } = await lab.run(['maintenance', 'on'], { env: { GITHUB_ACTOR: 'mina' } });
    expect([code, out]).toEqual([0, expect.stringContaining('is closed for maintenance (people get 503)')]);
    expect((await lab.run(['status'])).out).toMatch(/closed +for maintenance since \S+, by mina/);
    expect((await lab.ask('/health/live')).status).toBe(200);
    expect((await lab.run(['down'])).code).toBe(0);
    await lab.deploy('repaired');
    const answer = await lab.ask('/api/v2/time');
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
  });

  it('opens it again', async () => {
    expect((await lab.run(['maintenance', 'off'])).out).toContain('is open (people get 200)');
    expect((await lab.run(['status'])).out).not.toContain('maintenance');
    expect(await lab.served()).toBe('repaired');
    expect((await lab.run(['maintenance', 'perhaps'])).code).toBe(2);
  });
});
