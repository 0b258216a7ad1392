import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { SIGNALS } from '../../scripts/bench/chaos/cases.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

type Outcome = Readonly<{ case: string; loss: string; requests: number; failed: number; problems: string[] }>;
type Report = Readonly<{
  cases: number;
  recovered: number;
  failedRequests: number;
  worstRecoveryMs: number;
  outages: readonly Readonly<{ case: string; failed: number; ms: number }>[];
  outcomes: readonly Outcome[];
}>;

const MINUTES = 60_000;
/** What the pure part knows of a deploy that somebody notices, without what settings add. */
const STEPS = ['start', 'health', 'switch', 'verify', 'watch', 'record', 'drain', 'stop'];

/** Runs `npm run chaos -- --short`: a signal for each step, under load. */
function chaos(): Promise<Readonly<{ code: number; report: Report }>> {
  const script = join(ROOT, 'scripts/chaos.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, '--json', '--short'], { cwd: ROOT }, (error, stdout) => {
      const report = JSON.parse(stdout.trimEnd().split('\n').at(-1) || '{}') as Report;
      resolve({ code: error ? Number(error.code) : 0, report });
    });
  });
}

describe('whoever dies', () => {
  let run: Awaited<ReturnType<typeof chaos>>;
  const named = (part: string) => run.report.outcomes.filter(({ case: name }) => name.includes(part));
  const problems = (outcomes: readonly Outcome[]) =>
    outcomes.flatMap(({ case: name, problems: found }) => found.map((problem) => `${name}: ${problem}`));
  beforeAll(async () => {
    run = await chaos();
  }, 10 * MINUTES);

  it.each(SIGNALS)(
    'a deployer that meets %s at a step loses no request, and the next deploy needs nobody',
    (name) => {
      const outcomes = named(`:${name}`);
      expect(outcomes.length).toBeGreaterThan(0);
      expect(problems(outcomes)).toEqual([]);
      expect(outcomes.filter(({ failed }) => failed > 0)).toEqual([]);
    },
  );

  it.each(STEPS)('the step %s is one that a deployer may be hit at', (step) => {
    const [outcome] = named(`:${step}:`);
    expect(outcome?.requests).toBeGreaterThan(0);
    expect(outcome?.problems).toEqual([]);
  });

  it('the idle colour takes nobody along, and is not switched to', () => {
    expect(named(':idle')).toMatchObject([{ failed: 0, problems: [] }]);
  });

  it('the live colour inside the watch window is replaced in less than 2 s; what failed is counted', () => {
    expect(problems(named(':live'))).toEqual([]);
    const [outage] = run.report.outages.filter(({ case: name }) => name.endsWith(':live'));
    expect(outage?.failed).toBeGreaterThan(0);
    expect(outage?.ms).toBeLessThan(2_000);
  });

  it('the master of nginx takes nobody along, as long as its workers live', () => {
    const outcomes = run.report.outcomes.filter(({ case: name }) => name.endsWith(':nginx'));
    expect(outcomes).toMatchObject([{ failed: 0, problems: [] }]);
  });

  it('nginx is brought back by the next deploy', () => {
    expect(problems(named(':nginx-all'))).toEqual([]);
    expect(run.report.outages).toContainEqual(
      expect.objectContaining({ case: expect.stringMatching(/:nginx-all$/) as string }),
    );
  });

  it('everybody recovers, and nothing is lost that must not be', () => {
    expect(run.report).toMatchObject({ recovered: run.report.cases, failedRequests: 0 });
    expect(run.code).toBe(0);
  });
});
