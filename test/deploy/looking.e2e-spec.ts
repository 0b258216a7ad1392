import { appendFile } from 'node:fs/promises';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

type HistoryResult = Readonly<{ receipts: readonly Readonly<Record<string, unknown>>[]; damaged: number }>;
type LockResult = Readonly<{ holder: Readonly<{ pid: number; stopped: boolean }> | null }>;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open();
});
afterAll(() => lab.close());

describe('a site that nothing was deployed to', () => {
  it('has no history, no log and no lock, and says so', async () => {
    expect((await lab.run(['history'])).out).toContain('Nothing was deployed yet.');
    expect((await lab.run(['unlock'])).out).toContain('Nobody holds the lock');
    const { code, err } = await lab.run(['logs']);
    expect([code, err]).toEqual([2, expect.stringContaining('Nothing serves.')]);
  });
});

describe('a server on which the tool has a name of its own', () => {
  const env = { DEPLOY_COMMAND: 'haru' };

  it.each([
    [['--help'], 0, 'haru status'],
    [['deploy', '--help'], 0, 'haru deploy r42 --json'],
    [['completion', 'bash'], 0, 'complete -F _haru_deploy haru'],
    [['completion', '--help'], 0, 'source <(haru completion bash)'],
    [['status'], 0, 'nothing serves'],
    [['rollback'], 2, 'haru status'],
    [['rollback', '--json'], 2, '"next":"haru status"'],
  ] as const)('reads that name in all that it says: %j', async (words, exitCode, what) => {
    const { code, out, err } = await lab.run(words, { env });
    expect([code, out + err]).toEqual([exitCode, expect.stringContaining(what)]);
    expect(out + err).not.toMatch(/npm run (--silent )?deploy|haru-deploy/);
  });
});

describe('the history', () => {
  beforeAll(async () => {
    await lab.deploy('r1');
    await lab.deploy('r2');
    await lab.run(['deploy', 'r3'], { fixture: 'exits-well' });
    await lab.json(['rollback']);
  });

  it('shows each run, the newest last, with how it ended', async () => {
    const { receipts, damaged } = await lab.json<HistoryResult>(['history']);
    expect(receipts.map(({ intent, outcome }) => [intent, outcome])).toEqual([
      ['deploy', 'done'],
      ['deploy', 'done'],
      ['deploy', 'undone'],
      ['rollback', 'done'],
    ]);
    expect(damaged).toBe(0);
    const { out } = await lab.run(['history', '--limit', '2']);
    expect(out.trimEnd().split('\n')).toEqual([
      expect.stringMatching(/deploy +undone .*blue \(r3\).* by \S+: .+/),
      expect.stringMatching(/rollback +done .*blue \(r1\)/),
    ]);
  });

  it.each(['0', '-1', 'ten', '1000000'])('refuses %s as a number of runs', async (limit) => {
    expect((await lab.run(['history', '--limit', limit])).code).toBe(2);
  });
});

describe('the logs', () => {
  it('are those of the live colour, or of the one that is named', async () => {
    const { file, lines } = await lab.json<{ file: string; lines: string[] }>(['logs', '--lines', '1']);
    expect(file).toContain('blue-r1.log');
    expect(lines).toHaveLength(1);
    expect((await lab.json<{ file: string }>(['logs', 'blue'])).file).toBe(file);
  });

  it('of a colour that does not run, or of none, are refused', async () => {
    expect((await lab.run(['logs', 'green'])).err).toContain('Nothing runs on green.');
    expect((await lab.run(['logs', 'red'])).err).toContain('"red" is no colour: blue or green.');
  });

  it('are followed until somebody has seen enough', async () => {
    const { file } = await lab.json<{ file: string }>(['logs']);
    const following = lab.start(['logs', '--follow', '--lines', '1']);
    const shows = (line: string) =>
      waitFor(() => following.output().includes(line), { timeoutMs: 10_000, what: line });
    await shows('listening');
    await appendFile(file, 'a line in two ');
    await appendFile(file, 'halves 안녕\n');
    await shows('a line in two halves 안녕\n');
    process.kill(following.pid, 'SIGINT');
    expect((await following.ended).code).toBeNull();
  });
});

describe('unlock', () => {
  it('names a holder that was stopped, and how it goes on or ends', async () => {
    const holder = lab.start(['deploy', 'r4', '--fault', 'before:switch:hang']);
    const held = async () => (await lab.json<LockResult>(['unlock'])).holder?.pid === holder.pid;
    await waitFor(held, { timeoutMs: 20_000, what: 'the deployer to hold the lock' });
    expect((await lab.run(['unlock'])).out).toContain(`Or end it:  kill ${holder.pid}`);

    process.kill(holder.pid, 'SIGSTOP');
    const { out } = await lab.run(['unlock']);
    expect(out).toContain(`Let it go on:  kill -CONT ${holder.pid}`);
    expect(out).toContain('and is stopped');
    const { code, err } = await lab.run(['deploy', 'r5']);
    expect([code, err]).toEqual([3, expect.stringContaining('and is stopped')]);

    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
    expect((await lab.run(['unlock'])).out).toContain('An earlier run did not finish');
  });
});
