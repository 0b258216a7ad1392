import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { builtFile } from '../../scripts/lib/paths.mjs';
import type * as Cli from '../../apps/deploy/src/cli';
import type { Receipt } from '../../apps/deploy/src/core/receipt';
import type * as LookAll from '../../apps/deploy/src/shell/remote/look-all';
import type * as RunTogether from '../../apps/deploy/src/shell/remote/run-together';
import { output } from './support/programs';
import { makeRelease } from './support/releases';
import { aWorld, factsOf } from './support/model';
import { siteOf } from '../../apps/deploy/src/shell/site';

/** The built one, because that is what is copied to hosts, too. */
const built = <T extends object>(file: string): T =>
  jest.requireActual<T>(join(dirname(builtFile('deploy')), file));
const { runCli } = built<typeof Cli>('cli.js');
const { settleHosts } = built<typeof LookAll>('shell/remote/look-all.js');
const { runTogether } = built<typeof RunTogether>('shell/remote/run-together.js');

const RECEIPT: Receipt = {
  ...{ run: '1', intent: 'deploy', outcome: 'done', by: 'deployer', steps: [], notes: [] },
  ...{ from: null, to: { colour: 'blue', release: 'r1' }, live: { colour: 'blue', release: 'r1' } },
  ...{ startedAt: '2026-11-20T00:00:00.000Z', finishedAt: '2026-11-20T00:00:01.000Z', durationMs: 1_000 },
};

type Site = ReturnType<typeof siteOf>;

/** Programs that stand for ssh, and answer as hosts do that are in trouble. */
describe('a coordinating machine', () => {
  const said: string[] = [];
  const reporter = { say: (line: string) => void said.push(line) } as unknown as Parameters<
    typeof settleHosts
  >[1];
  let dir: string;
  beforeEach(async () => (dir = await mkdtemp(join(tmpdir(), 'wait-'))));
  afterEach(() => rm(dir, { recursive: true }));

  /** @param program a script for sh: what a host does with the command that is its last word */
  async function siteWith(program: string, ...others: readonly string[]): Promise<Site> {
    await writeFile(join(dir, 'ssh'), `#!/bin/sh\nfor command; do :; done\n${program}\n`);
    await chmod(join(dir, 'ssh'), 0o755);
    const hosts = ['b', ...others].map((name) => ({ name, address: name }));
    const settings = { stateDir: dir, ssh: { command: join(dir, 'ssh'), patienceMs: 0 }, hosts };
    await writeFile(join(dir, 'deploy.yml'), JSON.stringify(settings));
    return siteOf(settings, dir, 'deploy.yml');
  }

  /** Runs a command line. @returns how it ended, and what it said last */
  async function run(...words: readonly string[]): Promise<Readonly<{ code: number; last: string }>> {
    const lines: string[] = [];
    const write = (text: string) => void lines.push(text);
    const code = await runCli(words, dir, { out: write, err: write });
    return { code, last: lines.at(-1) ?? '' };
  }

  it.each([
    ['that another has begun', 'other', null],
    ['of its own', 'own', { id: 'own', release: 'r2', order: null }],
  ])('waits for something without an end %s so long, and no longer', async (_, id, run) => {
    const look = { status: {}, release: null, job: { id, silentMs: 60_000 } };
    const answer = `case $command in *attend*) exec cat ;; *) echo '${JSON.stringify(look)}' ;; esac`;
    const site = await siteWith(answer);
    await writeFile(join(dir, 'fleet.json'), JSON.stringify({ behind: [], run, skewMs: null }));
    const found = [{ host: 'b', look }] as unknown as Parameters<typeof settleHosts>[2];
    await expect(settleHosts(site, reporter, found, 200)).rejects.toMatchObject({
      kind: 'locked',
      trouble: { details: [`b: ${id}`] },
    });
  });

  it('settles those that answer, and names the silent one', async () => {
    const look = JSON.stringify({ status: {}, release: null, job: null });
    const ended = JSON.stringify({
      kind: 'ended',
      exitCode: 0,
      output: { ok: true, result: { live: null } },
    });
    await siteWith(
      `case "$*" in *' -- a '*) echo 'No route to host' >&2; exit 255 ;; esac
      case $command in *attend*) echo '${ended}' ;; *) echo '${look}' ;; esac`,
      'a',
    );
    expect(await run('settle', '--host', 'b')).toMatchObject({ code: 0 });
    const { code, last } = await run('settle', '--json');
    expect(code).toBe(5);
    const { error } = JSON.parse(last) as { error: { hosts: object } };
    expect(error.hosts).toEqual({ a: { unreachable: 'No route to host' }, b: { live: null } });
  });

  it('shows what a host answers, as it would be read there', async () => {
    const result = { wanted: true, inPool: true, release: 'r2' };
    const ended = JSON.stringify({ kind: 'ended', exitCode: 0, output: { ok: true, result } });
    await siteWith(`echo '${ended}'`);
    expect(await run('standby', 'status', '--host', 'b')).toEqual({
      code: 0,
      last: 'standby   r2, in the pool',
    });
    expect(await run('standby', 'listen', '--host', 'b')).toEqual({
      code: 2,
      last: expect.stringContaining('standby listen has no end'),
    });
  });

  it('plans what it would do with a release that no host has yet', async () => {
    const status = { facts: factsOf(aWorld()), unfinished: null, recovery: null };
    await siteWith(`echo '${JSON.stringify({ status, release: null, job: null })}'`);
    const { file } = await makeRelease({ dir }, 'r2', { files: { 'dist/apps/api/src/main.js': '' } });
    const told = await run('plan', 'r2', '--from', file);
    expect(told).toEqual({ code: 0, last: expect.stringMatching(/^b {2}blue \(r1\) -> green \(r2\)$/m) });
    expect(told.last).toContain('b  r2 would be sent to it first');
    expect((await run('plan', 'r3')).last).toContain('neither');
  });

  it('reads long answers of a host to their end', async () => {
    const line = JSON.stringify({ ...RECEIPT, notes: ['x'.repeat(10_000)] });
    await writeFile(join(dir, 'history.jsonl'), `${line}\n`.repeat(50));
    const agent = join(dirname(builtFile('deploy')), 'agent.js');
    const input = JSON.stringify({ settings: { stateDir: dir }, words: ['history', '-n', '50', '--json'] });
    const answer = await output([process.execPath, agent, 'command'], { input, cwd: dir });
    expect((JSON.parse(answer) as { result: { receipts: object[] } }).result.receipts).toHaveLength(50);
  });

  it('that cannot write down what it decides lets no host wait: all go back', async () => {
    const waits = '{"kind":"waits","gate":"go"}';
    const ended = '{"kind":"ended","exitCode":4,"output":null}';
    const site = await siteWith(`
      rm -f ${dir}/fleet.json; mkdir -p ${dir}/fleet.json; echo '${waits}'
      while read -r line; do case $line in *order*) echo "$line" >>${dir}/orders; echo '${ended}'; exit ;; esac; done`);
    const { hosts } = site.settings;
    const end = runTogether({ site, reporter, words: ['deploy', 'r2'], release: 'r2', hosts });
    await expect(end).rejects.toThrow('EISDIR');
    expect(await readFile(join(dir, 'orders'), 'utf8')).toBe('{"say":"order","order":"undo"}\n');
    expect(said.at(-1)).toContain('all go back');
  });
});
