import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rmdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compare } from '../../scripts/bench/switch/audit.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';

type Ended = Readonly<{ code: number; receipt: Readonly<Record<string, unknown>>; told: string }>;

const MINUTES = 60_000;
const DEMO = join(ROOT, 'scripts/demo-deploy.mjs');

/** Runs `npm run demo:deploy`: its own database, nginx and releases of the real API. */
function demo(...words: readonly string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [DEMO, '--json', ...words], { cwd: ROOT }, (error, stdout, stderr) => {
      const receipt = JSON.parse(stdout.trimEnd().split('\n').at(-1) || '{}') as Ended['receipt'];
      resolve({ code: error ? Number(error.code) : 0, receipt, told: stderr });
    });
  });
}

/** The usual lines of a run of the demonstration. */
const USUAL = /^(Building |Waiting for |In step |  demo-\d+ in |http:|40 keep-alive clients )/;

function complaintsIn(told: string): readonly string[] {
  return told.split('\n').filter((line) => line !== '' && !USUAL.test(line));
}

describe('switching while people study', () => {
  it(
    'loses nothing: a 2-cycle study and 40 keep-alive clients through 20 switches, some in every step',
    async () => {
      const { code, receipt, told } = await demo('--switches', '20', '--clients', '40');
      // First of all, so that a failure shows its reason.
      expect(complaintsIn(told)).toEqual([]);
      expect(receipt).toMatchObject({
        strategy: 'socket',
        switches: 20,
        failed: 0,
        duplicated: 0,
        executedButFailed: 0,
        requests: expect.any(Number) as number,
        worstGapMs: expect.any(Number) as number,
      });
      expect(receipt['requests']).toBeGreaterThan(2_000);
      for (const step of ['planning', 'studying', 'retrospect']) {
        expect(told).toContain(`In step ${step} 1: switching`);
        expect(told).toContain(`In step ${step} 2: switching`);
      }
      expect(code).toBe(0);
    },
    10 * MINUTES,
  );

  it(
    'is measured by a harness that finds failures: SIGTERM right after the switch, without a drain',
    async () => {
      const { code, receipt } = await demo('--control', 'sigterm', '--switches', '6', '--clients', '40');
      expect(receipt['failed']).toBeGreaterThan(0);
      expect(code).toBe(1);
    },
    5 * MINUTES,
  );
});

describe('a demonstration that is interrupted', () => {
  it('leaves no process and no file behind', async () => {
    const dir = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'd-'));
    const child = spawn(process.execPath, [DEMO], { cwd: ROOT, env: { ...process.env, TMPDIR: dir } });
    let told = '';
    child.stderr.on('data', (chunk: Buffer) => (told += chunk.toString()));
    const ended = once(child, 'exit');
    await waitFor(() => told.includes('In step'), { timeoutMs: 60_000, what: 'the first switch' });
    const [origin = ''] = /http:\/\/127\.0\.0\.1:\d+/.exec(told) ?? [];
    child.kill('SIGTERM');
    expect((await ended)[0]).toBe(143);
    await expect(fetch(origin)).rejects.toThrow();
    expect(await readdir(dir)).toEqual([]);
    await rmdir(dir);
  });
});

describe('the count of executed writes', () => {
  const answered = new Map([['w1', 'answered' as const]]);
  const failed = new Map([['w1', 'failed' as const]]);

  it('finds a write that was executed twice', () => {
    expect(compare(answered, new Map([['w1', 2]]))).toEqual({ duplicated: 1, executedButFailed: 0, lost: 0 });
  });

  it('finds a write that was executed although its client saw a failure', () => {
    expect(compare(failed, new Map([['w1', 1]]))).toEqual({ duplicated: 0, executedButFailed: 1, lost: 0 });
  });

  it('finds a write that was answered and never executed', () => {
    expect(compare(answered, new Map())).toEqual({ duplicated: 0, executedButFailed: 0, lost: 1 });
  });

  it('finds nothing wrong with a write that failed and was not executed', () => {
    expect(compare(failed, new Map())).toEqual({ duplicated: 0, executedButFailed: 0, lost: 0 });
  });
});
