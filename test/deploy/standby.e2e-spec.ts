import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../../scripts/lib/ports.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

type Who = Readonly<{ colour: string; release: string; pid: number }>;
type Report = Readonly<{ wanted: boolean; inPool: boolean; release: string | null }>;

let lab: Lab;
beforeAll(async () => {
  lab = await Lab.open({ standby: {} });
  await lab.deploy('r1');
});
afterAll(() => lab.close());

/** @returns who answers 60 people, without repeats */
async function whoAnswers(): Promise<readonly string[]> {
  const answers = Array.from({ length: 60 }, async () => {
    const { colour, release } = (await (await lab.ask('/health/live')).json()) as Who;
    return `${colour} ${release}`;
  });
  return [...new Set(await Promise.all(answers))].sort();
}

const report = () => lab.json<Report>(['standby', 'status']);

describe('a standby', () => {
  it('is off at first', async () => {
    expect(await report()).toEqual({ wanted: false, inPool: false, release: null });
    expect(await whoAnswers()).toEqual(['blue r1']);
    expect((await lab.run(['standby', 'stop'])).code).toBe(0);
  });

  it('helps the live colour out from its start to its stop, and nobody loses a request by either', async () => {
    const load = lab.load(8);
    expect(await lab.json<Report>(['standby', 'start'])).toEqual({
      wanted: true,
      inPool: true,
      release: 'r1',
    });
    expect(await whoAnswers()).toEqual(['blue r1', 'standby r1']);
    expect((await lab.run(['status'])).out).toMatch(/standby +r1, in the pool/);
    await lab.json(['standby', 'stop']);
    expect(await whoAnswers()).toEqual(['blue r1']);
    expect((await load.stop()).failures).toEqual([]);
    expect(await report()).toEqual({ wanted: false, inPool: false, release: null });
  });

  it('runs the release that serves: a deploy takes it along, and mixes no releases', async () => {
    await lab.json(['standby', 'start']);
    const load = lab.load(8);
    await lab.deploy('r2');
    expect((await load.stop()).failures).toEqual([]);
    expect(await whoAnswers()).toEqual(['green r2', 'standby r2']);
  });

  it('helps what served before when a deploy is undone', async () => {
    const { code } = await lab.run(['deploy', 'bad', '--fault', 'after:verify:throw']);
    expect(code).toBe(1);
    expect(await whoAnswers()).toEqual(['green r2', 'standby r2']);
    await lab.deploy('r3');
  });

  it('that dies costs no request that had not reached it, and the next start brings it back', async () => {
    const { pid } = JSON.parse(await lab.read('run/standby.pid')) as { pid: number };
    lab.kill(pid);
    await waitFor(async () => (await report()).release === null, { timeoutMs: 5_000, what: 'its end' });
    expect(await whoAnswers()).toEqual(['blue r3']);
    expect(await lab.json<Report>(['standby', 'start'])).toMatchObject({ inPool: true, release: 'r3' });
    expect(await whoAnswers()).toEqual(['blue r3', 'standby r3']);
    await lab.json(['standby', 'stop']);
  });

  it('that is not healthy stays out of the pool', async () => {
    await lab.configure({ standby: {}, health: { timeoutMs: 400, intervalMs: 20 } });
    const { code, err } = await lab.run(['standby', 'start'], { fixture: 'not-ready' });
    expect([code, err]).toEqual([4, expect.stringContaining('standby (r3) is not healthy')]);
    expect(await whoAnswers()).toEqual(['blue r3']);
    expect(await report()).toMatchObject({ wanted: true, inPool: false, release: null });
    await lab.json(['standby', 'stop']);
  });

  it('starts when an alert fires and stops when it is resolved', async () => {
    const port = await freePort();
    await writeFile(join(lab.dir, 'token'), 'a token of the alerts\n');
    await lab.configure({ standby: { listen: { port, tokenFile: join(lab.dir, 'token') } } });
    const listener = lab.start(['standby', 'listen']);
    await waitFor(() => listener.output().includes('Listening'), { timeoutMs: 15_000, what: 'the listener' });
    const send = async (status: string, authorization = 'Bearer a token of the alerts', body?: string) => {
      const alerts = [{ status, labels: { alertname: 'HighCpuUsage', severity: 'critical' } }];
      const init = {
        method: 'POST',
        headers: { authorization },
        body: body ?? JSON.stringify({ version: '4', status, alerts }),
      };
      return (await fetch(`http://127.0.0.1:${port}/alerts`, init)).status;
    };
    expect(await send('firing', 'Bearer a guess')).toBe(401);
    expect(await send('firing', undefined, '{"status": "firing"')).toBe(400);
    expect(await send('firing')).toBe(202);
    await waitFor(async () => (await report()).inPool, { timeoutMs: 20_000, what: 'the standby to help' });
    expect(await whoAnswers()).toEqual(['blue r3', 'standby r3']);
    expect(await send('resolved')).toBe(202);
    await waitFor(async () => (await report()).release === null, { timeoutMs: 20_000, what: 'its end' });
    expect(listener.output()).toContain('HighCpuUsage fires.');
    process.kill(listener.pid, 'SIGTERM');
    await listener.ended;
  });

  it('may be another host, which commands of the settings bring up and take down', async () => {
    const other = await Lab.open();
    const config = join(other.dir, 'deploy.yml');
    const run = (words: string) =>
      `${process.execPath} dist/apps/deploy/src/main.js ${words} --config ${config}`;
    await lab.configure({
      standby: {
        server: `127.0.0.1:${other.port}`,
        startCommand: run('deploy "$RELEASE"'),
        stopCommand: run('down'),
      },
    });
    await lab.deploy('r4');
    const load = lab.load(6);
    expect(await lab.json<Report>(['standby', 'start'])).toMatchObject({ inPool: true, release: 'r4' });
    const { blue } = await other.processes();
    const met = Array.from(
      { length: 20 },
      async () => ((await (await lab.ask('/health/live')).json()) as Who).pid,
    );
    expect(await Promise.all(met)).toContain(blue);
    await lab.json(['standby', 'stop']);
    expect((await load.stop()).failures).toEqual([]);
    expect(await other.processes()).toEqual({ blue: null, green: null });
    await other.close();
  });

  it('needs a setting, and words that it knows', async () => {
    await lab.configure({});
    expect((await lab.run(['standby', 'start'])).err).toContain('standby: {}');
    await lab.configure({ standby: {} });
    expect((await lab.run(['standby', 'perhaps'])).code).toBe(2);
    await lab.configure({ standby: { server: '10.0.0.1:80' } });
    expect((await lab.run(['status'])).err).toContain('startCommand is needed');
    await lab.configure({});
  });
});
