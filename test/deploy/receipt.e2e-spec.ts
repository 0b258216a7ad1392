import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Lab } from './support/lab';

type Probe = Readonly<{ requests: number; failed: number; worstGapMs: number }>;
type Receipt = Readonly<{
  steps: readonly Readonly<{ step: string; ms: number; note?: string; migrations?: readonly string[] }>[];
  probe?: Probe;
  digest: string;
  askedBy?: string;
}>;

const FIXTURE = 'test/support/deploy-fixture/service.mjs';

describe('the receipt of a deploy', () => {
  let lab: Lab;
  beforeAll(async () => (lab = await Lab.open({ probe: { everyMs: 10 } })));
  afterAll(() => lab.close());

  it('counts no requests when nobody could be served before', async () => {
    expect((await lab.json<Receipt>(['deploy', 'r1'])).probe).toBeUndefined();
  });

  it('counts what people would have met: requests, failures, the worst gap', async () => {
    const { probe } = await lab.json<Receipt>(['deploy', 'r2']);
    expect(probe).toEqual({
      requests: expect.any(Number) as number,
      failed: 0,
      worstGapMs: expect.any(Number) as number,
    });
    expect(probe?.requests).toBeGreaterThan(10);
    expect((await lab.history()).at(-1)).toMatchObject({ probe });
    const { out } = await lab.run(['rollback']);
    expect(out).toMatch(/Meanwhile: +\d+ requests through nginx, 0 failed, worst gap \d+ ms/);
  });

  it('tells failed requests, though the deploy itself is done', async () => {
    const lenient = { forMs: 400, maxErrorShareRise: 1 };
    await lab.configure({ probe: { everyMs: 10, post: '/api/v2/echo' }, watch: lenient });
    const { probe } = await lab.json<Receipt>(['deploy', 'r3'], { fixture: 'r3=fails' });
    expect(probe?.failed).toBeGreaterThan(0);
    expect(probe?.failed).toBeLessThan(probe?.requests ?? 0);
    expect((await lab.run(['history'])).out).toMatch(
      new RegExp(`${probe?.failed} of ${probe?.requests} requests failed +by`),
    );
    await lab.configure({});
    await lab.deploy('r4');
  });

  it('counts nothing where the settings ask for nothing', async () => {
    await lab.configure({ probe: { everyMs: 0 } });
    expect((await lab.json<Receipt>(['deploy', 'r5'])).probe).toBeUndefined();
    await lab.configure({});
  });

  it('names the code, the account and the person behind it, and the migrations', async () => {
    const migrate = join(lab.dir, 'migrate.mjs');
    await writeFile(migrate, "console.log('Applied: Rooms1700, Chat1701');");
    await lab.configure({ service: { entry: FIXTURE, migrate } });
    const receipt = await lab.json<Receipt>(['deploy', 'r6'], { env: { GITHUB_ACTOR: 'mina' } });
    expect(receipt).toMatchObject({
      askedBy: 'mina',
      digest: expect.stringMatching(/^[0-9a-f]{16}$/) as string,
    });
    const migrated = receipt.steps.find(({ step }) => step === 'migrate');
    expect(migrated).toMatchObject({ migrations: ['Rooms1700', 'Chat1701'], note: '2 applied' });
    expect((await lab.run(['history', '-n', '1'])).out).toContain('by mina (as ');
  });

  it('of a deploy that was undone shows how far it came, and how it was undone', async () => {
    await lab.configure({ health: { timeoutMs: 300, intervalMs: 20 } });
    expect((await lab.run(['deploy', 'bad'], { fixture: 'bad=not-ready' })).code).toBe(4);
    const { steps, probe } = (await lab.history()).at(-1) as Receipt & { probe: Probe };
    expect(steps.map(({ step }) => step)).toEqual(['start', 'health', 'recover:drain', 'recover:stop']);
    expect(steps[1]?.note).toMatch(/^failed: .*not healthy/);
    expect(probe.failed).toBe(0);
  });
});
