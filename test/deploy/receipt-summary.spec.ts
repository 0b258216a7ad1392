import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';

type Shown = Readonly<{ code: number; out: string; err: string }>;

const live = { colour: 'green', release: 'r2' };
const RECEIPT = {
  ...{ run: 'x', intent: 'deploy', outcome: 'done', from: { colour: 'blue', release: 'r1' }, to: live, live },
  ...{ digest: '9f2c', by: 'deploy', askedBy: 'mina', startedAt: '', finishedAt: '', durationMs: 2_345 },
  steps: [{ step: 'migrate', ms: 12.3, note: '1 applied', migrations: ['Rooms1700'] }],
  probe: { requests: 200, failed: 0, worstGapMs: 9 },
  notes: ['note: a | b'],
};

const part = (host: string, failed: number) => ({
  ...{ host, outcome: 'done', live, exitCode: 0, durationMs: 900, migrations: [] },
  probe: { requests: 50, failed, worstGapMs: 5 },
});

describe('the summary of a receipt', () => {
  let dir: string;
  beforeAll(async () => (dir = await mkdtemp(join(tmpdir(), 'summary-'))));
  afterAll(() => rm(dir, { recursive: true }));

  async function show(text: string): Promise<Shown> {
    const file = join(dir, 'receipt.json');
    await writeFile(file, text);
    return run(file);
  }

  const shown = (printed: object) => show(`${JSON.stringify(printed)}\n`);

  it('shows release, people, requests, steps and notes, and is content when nothing failed', async () => {
    const { code, out, err } = await shown({ ok: true, result: RECEIPT });
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toContain('### deploy r2: done');
    expect(out).toContain('| serves | green (r2) |');
    expect(out).toContain('| by | mina (as deploy) |');
    expect(out).toContain('| requests meanwhile | 200, 0 failed, worst gap 9 ms |');
    expect(out).toContain('| migrate | 12 ms | 1 applied, Rooms1700 |');
    expect(out).toContain('- note: a &#124; b');
  });

  it('fails when requests failed, though the release is live', async () => {
    const probe = { requests: 200, failed: 3, worstGapMs: 900 };
    const { code, out, err } = await shown({ ok: true, result: { ...RECEIPT, probe } });
    expect(code).toBe(1);
    expect(out).toContain('200, 3 failed');
    expect(err).toBe('3 of 200 requests failed.\n');
  });

  it('fails when requests failed on one of several hosts, and names it', async () => {
    const result = {
      ...RECEIPT,
      probe: undefined,
      release: 'r2',
      hosts: [part('one', 0), part('two', 1)],
      skewMs: 14,
    };
    const { code, out, err } = await shown({ ok: true, result });
    expect({ code, err }).toEqual({ code: 1, err: 'two: 1 of 50 requests failed.\n' });
    expect(out).toContain('| one | done | green (r2) | 50 | 0 | 0.9 s |');
    expect(out).toContain('| first to last switch | 14 ms |');
    expect(await shown({ ok: true, result: { ...result, hosts: [part('one', 0)] } })).toMatchObject({
      code: 0,
    });
  });

  it('fails when a host is not known to have it', async () => {
    const hosts = [part('one', 0), { ...part('two', 0), outcome: 'unknown', live: null, durationMs: null }];
    const { code, err } = await shown({ ok: true, result: { ...RECEIPT, hosts } });
    expect({ code, err }).toEqual({ code: 1, err: 'two: It did not end well: unknown.\n' });
  });

  it('of a refused release says what, the state, the next command and the last lines of the log', async () => {
    const error = {
      what: 'r3 is not healthy.',
      details: ['no such table', '~~~~~~'],
      left: 'r2 serves.',
      next: 'fix it',
    };
    const { code, out } = await shown({ ok: false, exitCode: 4, error });
    expect(code).toBe(1);
    expect(out).toContain('failed (exit code 4)');
    expect(out).toContain('State: r2 serves.\n\nNext: fix it');
    expect(out.match(/~~~~~~/g)).toHaveLength(2);
  });

  it.each(['', '{"ok":true,"res', 'null', '{"ok":true}'])(
    'counts %j as no receipt, which is a failure',
    async (text) => {
      expect(await show(text)).toMatchObject({
        code: 1,
        out: expect.stringContaining('no receipt') as string,
      });
    },
  );

  it('counts a file that is not there as none, and is used with one file', async () => {
    expect(await run(join(dir, 'gone.json'))).toMatchObject({ code: 1 });
    expect(await run()).toMatchObject({ code: 2 });
    expect(await run('--help')).toMatchObject({ code: 0 });
  });
});

function run(...words: readonly string[]): Promise<Shown> {
  const script = join(ROOT, 'scripts/receipt-summary.mjs');
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...words], (error, out, err) =>
      resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}
