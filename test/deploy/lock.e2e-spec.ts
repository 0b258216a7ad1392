import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

const ROUNDS = 5;

describe('two deploys at once', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open();
    await lab.deploy('r0');
  });
  afterAll(() => lab.close());

  /** Runs a deploy that stops in the middle and holds the lock until it is killed. */
  async function hang(release: string) {
    const deployer = lab.start(['deploy', release, '--fault', 'before:switch:hang']);
    const hangs = async () => {
      const { out } = await lab.run(['status', '--json']);
      return out.includes(`runs \`deploy ${release}\``) && out.includes('"lastStep":"switch"');
    };
    await waitFor(hangs, { timeoutMs: 20_000, what: 'the deployer to hold the lock' });
    return deployer;
  }

  it('have exactly one winner, and the loser is told who it is', async () => {
    for (let round = 1; round <= ROUNDS; round += 1) {
      const names = [`a${round}`, `b${round}`];
      const ended = await Promise.all(names.map((name) => lab.run(['deploy', name])));
      const codes = ended.map(({ code }) => code).sort();
      expect(codes).toEqual([0, 3]);
      const winner = names[ended.findIndex(({ code }) => code === 0)];
      const loser = ended.find(({ code }) => code === 3);
      expect(await lab.served()).toBe(winner);
      expect(loser?.err).toMatch(/process \d+ of \S+ runs `deploy [ab]\d`|it has just begun/);
    }
  });

  it('do not disturb each other: the second changes nothing', async () => {
    const holder = await hang('held');
    const before = await lab.processes();
    const { code, err } = await lab.run(['deploy', 'late']);
    expect(code).toBe(3);
    expect(err).toContain(`process ${holder.pid} of`);
    expect(err).toContain('This command has changed nothing');
    expect(await lab.processes()).toEqual(before);
    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
  });

  it('are one when the first was killed: it holds nothing any more', async () => {
    await lab.deploy('after-kill');
    expect(await lab.served()).toBe('after-kill');
  });

  it('do not rob a holder that was only stopped', async () => {
    const holder = await hang('stopped');
    process.kill(holder.pid, 'SIGSTOP');
    expect((await lab.run(['deploy', 'impatient'])).code).toBe(3);
    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
    await lab.deploy('patient');
    expect(await lab.served()).toBe('patient');
  });

  it('leave status and plan free to look', async () => {
    const holder = await hang('looked-at');
    expect((await lab.run(['status'])).out).toContain('runs `deploy looked-at`');
    expect((await lab.run(['plan', 'r9'])).code).toBe(0);
    process.kill(holder.pid, 'SIGKILL');
    await holder.ended;
  });
});
