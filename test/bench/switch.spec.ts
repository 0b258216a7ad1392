import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

type Count = Readonly<{ name: string; requests: number; failed: number; bound95: number | null }>;
type Report = Readonly<{
  requests: number;
  classes: readonly Count[];
  controls: readonly Count[];
  sockets: Readonly<{ clients: number; closed: number; messages: number }>;
  steady: Readonly<{ maxMs: number }>;
  deploys: Readonly<{ wholeMs: Readonly<{ median: number }>; probeFailed: number }>;
  worstGapMs: number;
}>;

const SWITCHES = 20;
const MINUTES = 60_000;
const CLASSES = ['get', 'post', 'lazy', 'slow', 'upload', 'stream', 'fresh', 'steady', 'socket'];
const CONTROLS = ['reload', 'sigterm', 'exit'];

/** Runs `npm run bench:switch`. @returns its last line, and how it ended */
function bench(
  ...words: readonly string[]
): Promise<Readonly<{ code: number; report: Report; told: string }>> {
  const script = join(ROOT, 'scripts/bench-switch.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, '--json', ...words], { cwd: ROOT }, (error, stdout, stderr) => {
      const report = JSON.parse(stdout.trimEnd().split('\n').at(-1) || '{}') as Report;
      resolve({ code: error ? Number(error.code) : 0, report, told: stderr });
    });
  });
}

describe('20 switches under every kind of load', () => {
  let run: Awaited<ReturnType<typeof bench>>;
  const classOf = (name: string) => run.report.classes.find((one) => one.name === name);
  beforeAll(async () => {
    run = await bench('--switches', String(SWITCHES), '--controls', '--control-switches', '3');
  }, 10 * MINUTES);

  it('lose nothing: no request, no write twice or unseen, no message', () => {
    // First of all, so that a failure shows its reason.
    expect(run.told.split('\n').filter((line) => line.startsWith('  failed:'))).toEqual([]);
    expect(run.report).toMatchObject({
      strategy: 'socket',
      switches: SWITCHES,
      failed: 0,
      duplicated: 0,
      executedButFailed: 0,
      socketMessagesLost: 0,
    });
    expect(run.code).toBe(0);
  });

  it.each(CLASSES)('are counted for a load class of its own: %s', (name) => {
    const { requests = 0, failed, bound95 } = classOf(name) ?? {};
    expect(requests).toBeGreaterThanOrEqual(SWITCHES);
    expect(failed).toBe(0);
    expect(bound95).toBeCloseTo(3 / requests);
  });

  it('let every websocket go and get it back, in each of them', () => {
    const { clients, closed, messages } = run.report.sockets;
    expect(closed).toBe(clients * SWITCHES);
    expect(messages).toBeGreaterThan(closed);
  });

  it('are seen the same by the prober of the deployer', () => {
    expect(run.report.deploys.probeFailed).toBe(0);
  });

  it.each(CONTROLS)('are measured by a harness that finds failures in a careless way: %s', (name) => {
    const { requests = 0, failed = 0 } = run.report.controls.find((one) => one.name === name) ?? {};
    expect(failed).toBeGreaterThan(0);
    // It tells the careless way from a site that is simply down.
    expect(failed).toBeLessThan(requests / 2);
  });
});
