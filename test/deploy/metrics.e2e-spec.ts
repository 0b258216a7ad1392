import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

const SAMPLE = /^([a-zA-Z_:][\w:]*)(\{(?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*\})? (\+Inf|[\d.e+-]+)$/;

/** Reads the text format as Prometheus does. @throws for what it would refuse */
function parse(text: string): ReadonlyMap<string, number> {
  if (!text.endsWith('\n')) throw new Error('the last line has no end');
  const samples = new Map<string, number>();
  const types = new Map<string, string>();
  for (const line of text.trimEnd().split('\n')) {
    const [, declared, type] = /^# TYPE (\S+) (gauge|counter)$/.exec(line) ?? [];
    if (declared !== undefined && type !== undefined) {
      if (types.has(declared)) throw new Error(`${declared} is declared twice`);
      types.set(declared, type);
      continue;
    }
    if (/^# HELP \S+ \S/.test(line)) continue;
    const [, name = '', labels = '', value = ''] = SAMPLE.exec(line) ?? [];
    if (!types.has(name)) throw new Error(`not a sample of a declared family: ${line}`);
    if (samples.has(name + labels)) throw new Error(`${name}${labels} comes twice`);
    samples.set(name + labels, value === '+Inf' ? Infinity : Number(value));
  }
  return samples;
}

describe('the textfile for Prometheus', () => {
  let lab: Lab;
  let textfile: string;
  const read = async () => parse(await readFile(textfile, 'utf8'));
  beforeAll(async () => {
    lab = await Lab.open();
    textfile = join(lab.dir, 'haru.prom');
    await lab.configure({ metrics: { textfile } });
    await lab.deploy('r1');
  });
  afterAll(() => lab.close());

  it('is valid, and says what serves and how the last run ended', async () => {
    const samples = await read();
    expect(samples.get('deploy_last_result{intent="deploy",release="r1",outcome="done"}')).toBe(1);
    expect(samples.get('deploy_live_colour_info{colour="blue",release="r1"}')).toBe(1);
    expect(samples.get('deploy_phase_seconds{phase="health"}')).toBeGreaterThan(0);
    expect(samples.get('deploy_switch_failed_requests_total')).toBe(0);
    expect(samples.get('deploy_drain_remaining_connections')).toBe(0);
    expect(samples.get('deploy_lock_age_seconds')).toBe(0);
    expect((await readdir(lab.dir)).filter((name) => name.startsWith('haru.prom'))).toEqual(['haru.prom']);
  });

  it('shows while a run goes on how long it holds the lock and what it still waits for', async () => {
    const slow = lab.ask('/api/v2/slow?ms=3000');
    const deployed = lab.deploy('r2');
    const draining = async () => {
      const samples = await read();
      return samples.get('deploy_drain_remaining_connections') === 1 ? samples : undefined;
    };
    const samples = await waitFor(draining, { timeoutMs: 20_000, what: 'a drain that waits' });
    expect(samples.get('deploy_lock_age_seconds')).toBeGreaterThan(0);
    await Promise.all([deployed, slow]);
    expect((await read()).get('deploy_drain_remaining_connections')).toBe(0);
  });

  it('tells a run that was undone, and what serves all the same', async () => {
    expect((await lab.run(['deploy', 'bad'], { fixture: 'bad=exits' })).code).toBe(4);
    const samples = await read();
    expect(samples.get('deploy_last_result{intent="deploy",release="bad",outcome="undone"}')).toBe(1);
    expect(samples.get('deploy_live_colour_info{colour="green",release="r2"}')).toBe(1);
  });

  it('never keeps a deploy from its end: a folder that is not there is a note', async () => {
    await lab.configure({ metrics: { textfile: join(lab.dir, 'nowhere', 'haru.prom') } });
    const { code, out } = await lab.run(['deploy', 'r3']);
    expect([code, out]).toEqual([0, expect.stringContaining('note: the metrics cannot be written')]);
  });
});
