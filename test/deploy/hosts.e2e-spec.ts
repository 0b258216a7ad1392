import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { HostsLab, type HostRun } from './support/hosts-lab';
import { migrations, severingSsh } from './support/hosts-programs';
import type { Running } from './support/lab';

/** Where a test waits for patience to end; a busy machine needs some seconds to be heard of. */
const IMPATIENT = { goTimeoutMs: 6_000, patienceMs: 4_000 };
const ALL = ['a', 'b', 'c'] as const;

/** Waits until a command that runs has said something. */
async function hears(command: Running, what: string): Promise<void> {
  await waitFor(() => command.output().includes(what), { what, timeoutMs: 60_000 });
}

async function runsOf(hosts: HostsLab): Promise<Readonly<Record<string, string>>> {
  const last = (await hosts.history('coordinator')).at(-1) as { hosts: HostRun[] };
  return Object.fromEntries(last.hosts.map(({ host, outcome }) => [host, outcome]));
}

/** Many programs are started one after another, on a machine that may be busy. */
jest.setTimeout(240_000);

let hosts: HostsLab;
beforeAll(async () => {
  hosts = await HostsLab.open();
});
afterAll(() => hosts.close());

describe('several hosts', () => {
  it('get a release, switch at the same time, and each has its own receipt', async () => {
    const { code, out } = await hosts.deploy('r1');
    if (code !== 0) throw new Error(out);
    const { result } = JSON.parse(out) as { result: { skewMs: number; hosts: HostRun[] } };
    expect([code, await hosts.served()]).toEqual([0, ['r1', 'r1', 'r1']]);
    expect(result.hosts.map(({ outcome }) => outcome)).toEqual(['done', 'done', 'done']);
    for (const name of ALL) {
      expect((await hosts.history(name)).at(-1)).toMatchObject({ intent: 'deploy', outcome: 'done' });
    }
    const status = await hosts.lab.run(['status']);
    expect(status.out).toContain('live      r1 on a, b, c');
    expect(status.out).toContain(`skew      ${result.skewMs} ms`);
  });

  it('switch nowhere when one of them does not get well', async () => {
    await hosts.misbehave('b', 'sick=exits');
    await hosts.release('sick');
    const { code, err } = await hosts.lab.run(['deploy', 'sick']);
    expect(code).toBe(4);
    expect(err).toContain('b: undone: green (sick) is not healthy');
    expect(err).toContain('a: undone: green (sick) was healthy and is not switched to: another host did not');
    expect(err).toContain('no host was left with it: what served before serves');
    expect(await hosts.served()).toEqual(['r1', 'r1', 'r1']);
    expect(await runsOf(hosts)).toEqual({ a: 'undone', b: 'undone', c: 'undone' });
    expect((await hosts.history('a')).at(-1)).toMatchObject({ outcome: 'undone', live: { release: 'r1' } });
  });

  it('are told apart where they serve different releases, and one that is new already is left alone', async () => {
    await hosts.configure({ only: ['b'] });
    expect((await hosts.deploy('r2')).code).toBe(0);
    await hosts.configure();
    const mixed = await hosts.lab.run(['status']);
    expect(mixed.out).toContain('mixed versions: r1 on a, c; r2 on b');
    const pidOfB = /b\n.*\n.*\n {2}green +r2, process (\d+)/.exec(mixed.out)?.[1];
    expect((await hosts.deploy('r2')).code).toBe(0);
    expect(await runsOf(hosts)).toEqual({ a: 'done', b: 'nothing-to-do', c: 'done' });
    const after = await hosts.lab.run(['status']);
    expect(after.out).toContain('live      r2 on a, b, c');
    expect(after.out).toContain(`r2, process ${pidOfB},`);
  });

  it('go back together when one of them does badly after the switch', async () => {
    await hosts.misbehave('b', 'bad=dies');
    await hosts.configure({ watch: { forMs: 20_000, intervalMs: 20 } });
    await hosts.release('bad');
    const deploy = hosts.lab.start(['deploy', 'bad']);
    await waitFor(async () => (await hosts.served()).join() === 'bad,bad,bad', {
      what: 'the switch',
      timeoutMs: 60_000,
    });
    const { sitePort } = hosts.machine('b');
    const isBack = async (): Promise<boolean> => {
      await fetch(`http://127.0.0.1:${sitePort}/api/v2/echo`, { method: 'POST' }).catch(() => null);
      return (await hosts.served()).join() === 'r2,r2,r2';
    };
    await waitFor(isBack, { what: 'the way back', timeoutMs: 15_000 });
    const { code, err } = await deploy.ended;
    expect(code).toBe(4);
    expect(err).toMatch(
      /b: undone: blue \(bad\) (was switched to, and its process ended|does not answer any more)/,
    );
    expect(err).toContain('a: undone: blue (bad) was well and goes back: another host did not come through');
    expect(await hosts.served()).toEqual(['r2', 'r2', 'r2']);
    await hosts.configure();
  });

  it('roll back together, to one release, and not again where it is live', async () => {
    const other = await hosts.lab.run(['rollback', '--to', 'r9']);
    expect([other.code, other.err]).toEqual([2, expect.stringContaining('could go back to r9')]);
    expect((await hosts.lab.run(['rollback'])).code).toBe(0);
    expect(await hosts.served()).toEqual(['r1', 'r1', 'r1']);
    expect((await hosts.lab.run(['rollback', '--to', 'r1'])).code).toBe(0);
    expect(await hosts.served()).toEqual(['r1', 'r1', 'r1']);
    const again = await hosts.lab.run(['rollback', '--host', 'a']);
    expect([again.code, again.err]).toEqual([2, expect.stringContaining('rollback is for all hosts')]);
  });

  it('migrate once, and take away once what none of them can go back to any more', async () => {
    const done = join(hosts.lab.dir, 'migrations');
    await hosts.release('m1');
    await appendFile(join(hosts.lab.dir, 'releases/m1/app/migrate.cjs'), migrations(done));
    await hosts.configure({ service: { entry: 'app/service.mjs', migrate: 'app/migrate.cjs' } });
    expect((await hosts.lab.run(['deploy', 'm1'])).code).toBe(0);
    expect(await readFile(done, 'utf8')).toBe('m');
    const { hosts: runs } = (await hosts.history('coordinator')).at(-1) as { hosts: HostRun[] };
    expect(runs.map(({ migrations }) => migrations)).toEqual([['One', 'Two'], [], []]);
    expect((await hosts.lab.run(['contract'])).err).toMatch(/The way back of [abc] is open until/);
    expect((await hosts.lab.run(['contract', '--close-window'])).code).toBe(0);
    expect(await readFile(done, 'utf8')).toBe('mc');
    for (const name of ALL) {
      const { steps } = (await hosts.history(name)).at(-1) as { steps: { step: string }[] };
      const migrates = name === 'a' ? ['contract'] : [];
      expect(steps.map(({ step }) => step)).toEqual(['raise-floor', ...migrates]);
    }
    expect((await hosts.lab.run(['rollback'])).code).toBe(5);
    expect((await hosts.lab.run(['status'])).out.match(/rollback +r1 cannot run any more/g)).toHaveLength(3);
    await hosts.configure();
  });

  it('are looked at and closed from one place', async () => {
    const logs = await hosts.lab.run(['logs', '--host', 'b']);
    expect(logs.out).toMatch(/^b {2}.*"listening"/m);
    expect(logs.out).not.toMatch(/^a {2}/m);
    const doctor = await hosts.lab.run(['doctor']);
    expect(doctor.out).toMatch(/^c {2}ok {7}flock/m);
    await hosts.lab.json(['maintenance', 'on']);
    const answers = await Promise.all(
      hosts.machines.map(({ sitePort }) => fetch(`http://127.0.0.1:${sitePort}/api/v2/time`)),
    );
    expect(answers.map(({ status }) => status)).toEqual([503, 503, 503]);
    await hosts.lab.json(['maintenance', 'off']);
    const { hosts: plans } = await hosts.lab.json<{ hosts: Record<string, { to: unknown }> }>(['plan', 'm1']);
    expect(Object.keys(plans)).toEqual(['a', 'b', 'c']);
    expect((await hosts.lab.run(['drain', 'green'])).err).toContain('drain is for one host at a time');
    expect((await hosts.lab.run(['status', '--host', 'd'])).code).toBe(2);
    expect((await hosts.lab.run(['history'])).out).toContain('m1 on a, b, c');
  });
});

describe('hosts that keep the release before running', () => {
  it('switch to it together, and start nothing', async () => {
    await hosts.configure({ stop: { timeoutMs: 5_000, keepOld: true } });
    expect((await hosts.deploy('s1')).code).toBe(0);
    expect((await hosts.deploy('s2')).code).toBe(0);
    const { code, out } = await hosts.lab.run(['switch']);
    expect([code, out]).toEqual([0, expect.stringMatching(/switch s1 on 3 hosts: done/)]);
    expect(await hosts.served()).toEqual(['s1', 's1', 's1']);
    for (const name of ALL) {
      const { intent, steps } = (await hosts.history(name)).at(-1) as {
        intent: string;
        steps: { step: string }[];
      };
      expect([intent, steps.map(({ step }) => step)]).toEqual([
        'switch',
        expect.not.arrayContaining(['start']),
      ]);
    }
    await hosts.configure();
  });
});

describe('a connection to hosts', () => {
  it('that drops, in the middle of a deploy, changes nothing', async () => {
    await hosts.release('d1');
    const deploy = hosts.lab.start(['deploy', 'd1']);
    for (const moment of ['ok  start', 'is healthy', 'ok  switch']) {
      await hears(deploy, moment);
      await Promise.all(ALL.map((name) => hosts.dropConnections(name)));
    }
    const { code, err } = await deploy.ended;
    expect([code, err]).toEqual([0, '']);
    expect(await hosts.served()).toEqual(['d1', 'd1', 'd1']);
  });

  it('whose coordinating machine dies before the switch is followed by none, and the next deploy needs nobody', async () => {
    await hosts.misbehave('b', 'k1=slow-start');
    await hosts.release('k1');
    const before = await hosts.served();
    const deploy = hosts.lab.start(['deploy', 'k1']);
    await hears(deploy, 'a    ok  wait until');
    hosts.lab.kill(deploy.pid);
    await deploy.ended;
    const settled = await hosts.lab.json<{ hosts: object }>(['settle']);
    expect(Object.keys(settled.hosts)).toEqual(['a', 'b', 'c']);
    for (const name of ALL) expect((await hosts.history(name)).at(-1)).toMatchObject({ outcome: 'undone' });
    expect(await hosts.served()).toEqual(before);
    expect((await hosts.deploy('k2')).code).toBe(0);
    expect(await hosts.served()).toEqual(['k2', 'k2', 'k2']);
  }, 180_000);

  it('that cannot be made when all are to switch marks the host, and the next deploy brings it in line', async () => {
    const [before] = await hosts.served();
    const cut = join(hosts.lab.dir, 'cut');
    const ssh = join(hosts.lab.dir, 'ssh');
    await writeFile(ssh, severingSsh(hosts.machine('b').sshPort, cut), { mode: 0o755 });
    await hosts.configure({ ssh: { ...IMPATIENT, command: ssh } });
    await hosts.release('h2');
    const { code, err } = await hosts.lab.run(['deploy', 'h2']);
    expect(code).toBe(5);
    expect(err).toContain('a, c serve h2');
    expect(err).toContain('Next:  npm run deploy -- deploy h2');
    await waitFor(async () => (await hosts.history('b')).at(-1)?.['outcome'] === 'undone', {
      what: 'b to undo by itself',
      timeoutMs: 30_000,
    });
    expect(await hosts.served()).toEqual(['h2', before, 'h2']);
    expect((await hosts.lab.run(['status'])).out).toMatch(
      /silent +b cannot be asked.*\nbehind +b should serve h2/,
    );
    const refused = await hosts.lab.run(['deploy', 'h2']);
    expect([refused.code, refused.err]).toEqual([5, expect.stringContaining('1 of 3 hosts cannot be asked')]);
    await hosts.configure();
    expect((await hosts.lab.run(['status'])).out).toMatch(/mixed versions: h2 on a, c; \w+ on b\nbehind +b/);
    expect((await hosts.lab.run(['deploy', 'h2'])).code).toBe(0);
    expect(await runsOf(hosts)).toEqual({ a: 'nothing-to-do', b: 'done', c: 'nothing-to-do' });
    expect((await hosts.lab.run(['status'])).out).not.toMatch(/behind|mixed/);
  });
});
