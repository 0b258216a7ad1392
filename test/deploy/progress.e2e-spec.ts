import { openSockets } from '../../scripts/bench/switch/sockets.mjs';
import { Lab } from './support/lab';

const ESCAPE = '\u001b';
const CLEAR_LINE = `\r${ESCAPE}[K`;
const SETTINGS = {
  drain: { minMs: 300, timeoutMs: 5_000, intervalMs: 20, socketsPerS: 20 },
  watch: { forMs: 600, intervalMs: 20 },
};
const DONE = /^ {2}ok {2}.+ {2}\(.*\d+\.\d\d s\)$/;

/** What stands on the screen at the end: what was written over is gone. */
function screen(output: string): string {
  return output
    .replaceAll('\r\n', '\n')
    .split('\n')
    .map((line) => line.split(CLEAR_LINE).at(-1) ?? '')
    .join('\n');
}

/** Each state of the line that is written over. */
function drawn(output: string): readonly string[] {
  return output.split(CLEAR_LINE).map((part) => part.split(/\r?\n/)[0] ?? '');
}

describe('the progress of a deploy', () => {
  let lab: Lab;
  beforeAll(async () => {
    lab = await Lab.open(SETTINGS);
    await lab.deploy('r1');
  });
  afterAll(() => lab.close());

  it('is one line on a terminal, written over: percent, the step, what is left, and the time', async () => {
    const sockets = await openSockets(lab.origin, 20);
    const { code, out } = await lab.run(['deploy', 'r2'], { terminal: true, env: { TERM: 'xterm' } });
    await sockets.stop();
    expect(code).toBe(0);
    const lines = drawn(out);
    expect(lines).toContainEqual(
      expect.stringMatching(/^ +\d+ % {2}watch green \(r2\).*\(\d+ %, .*\d\.\d s\)$/),
    );
    expect(lines).toContainEqual(
      expect.stringMatching(/^ +\d+ % {2}let the websockets.*\d+ sockets? left, \d\.\d s\)$/),
    );
    const percents = lines.flatMap((line) => /^ *(\d+) % {2}/.exec(line)?.[1] ?? []).map(Number);
    expect(percents).toEqual([...percents].sort((a, b) => a - b));
    expect(Math.max(...lines.map(({ length }) => length))).toBeLessThan(200);
    const left = screen(out).trimEnd().split('\n');
    const steps = left.filter((line) => line.startsWith('  ok  '));
    expect(steps.length).toBeGreaterThanOrEqual(6);
    expect(steps.filter((line) => !DONE.test(line))).toEqual([]);
    expect(left.filter((line) => / %/.test(line) && !line.startsWith('  ok  '))).toEqual([]);
    expect(left.some((line) => line.startsWith('Deployed: green (r2) is live'))).toBe(true);
  }, 30_000);

  it('leaves nothing of that line behind when a step fails', async () => {
    const options = { terminal: true, fixture: 'bad=not-ready', env: { TERM: 'xterm' } };
    await lab.configure({ ...SETTINGS, health: { timeoutMs: 1_500, intervalMs: 20 } });
    const { code, out } = await lab.run(['deploy', 'bad'], options);
    await lab.configure(SETTINGS);
    expect(code).toBe(4);
    expect(drawn(out)).toContainEqual(expect.stringContaining('it answers 503'));
    const left = screen(out);
    expect(left).not.toContain(' %  wait until');
    expect(left).toContain('\n  failed: blue (bad) is not healthy');
  });

  it.each([
    ['through a pipe', {}],
    ['on a terminal that cannot go back on a line', { terminal: true, env: { TERM: 'dumb' } }],
  ])('is a plain line for each step %s', async (_, options) => {
    const { code, out } = await lab.run(['rollback'], options);
    expect(code).toBe(0);
    expect(out).not.toContain(ESCAPE);
    expect(out.replaceAll('\r\n', '\n')).not.toContain('\r');
    expect(out.split(/\r?\n/).filter((line) => DONE.test(line)).length).toBeGreaterThanOrEqual(6);
  });

  it('does not get into the way of --json, on a terminal either', async () => {
    const { out } = await lab.run(['rollback', '--json'], { terminal: true, env: { TERM: 'xterm' } });
    expect(out).not.toContain(ESCAPE);
    const json = out.split(/\r?\n/).find((line) => line.startsWith('{'));
    expect(JSON.parse(json ?? '')).toMatchObject({ ok: true, result: { outcome: 'done' } });
  });
});
