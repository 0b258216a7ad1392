import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { findCommand } from '../../scripts/lib/commands.mjs';
import { Lab } from './support/lab';
import { FROM_RELEASES, makeRelease } from './support/releases';
import { readWorkflow, Runner, type StepResult, type Workflow } from './support/workflow';

const SETTINGS = { ...FROM_RELEASES, probe: { everyMs: 10 } };
const UNTOLD = { ...SETTINGS, probe: { everyMs: 10, post: '/api/v2/echo' } };
const LENIENT = { forMs: 400, maxErrorShareRise: 1 };
const SECRETS = { 'secrets.DEPLOY_SSH_KEY': 'a key', 'secrets.DEPLOY_KNOWN_HOSTS': 'web1 ssh-ed25519 AAAA' };

/**
 * Programs that only a runner has. `npm run release` gives the fixture service, since a release of the API takes longer than
 * all of this; its own options are its own spec's. Everything else is the real npm.
 */
const NPM = `#!/bin/sh
case "$*" in
  'run --silent release -- '*) ;;
  *) exec "$REAL_NPM" "$@" ;;
esac
while [ $# -gt 0 ]; do
  case $1 in --id) id=$2 ;; --out) out=$2 ;; esac
  shift
done
mkdir -p "$out" && cp "$MADE/$id.tar.gz" "$out/" && cat "$MADE/$id.json"
`;

describe('the deploy workflow', () => {
  let lab: Lab;
  let workflow: Workflow;
  beforeAll(async () => {
    lab = await Lab.open(SETTINGS);
    workflow = await readWorkflow('deploy.yml');
    const bin = join(lab.dir, 'bin');
    await mkdir(bin);
    await writeFile(join(bin, 'npm'), NPM);
    await writeFile(join(bin, 'sudo'), '#!/bin/sh\necho "sudo $*"\n');
    for (const name of ['npm', 'sudo']) await chmod(join(bin, name), 0o755);
    await run('r1');
  });
  beforeEach(() => lab.configure(SETTINGS));
  afterAll(() => lab.close());

  async function runnerFor(release: string, more: Readonly<Record<string, string>> = {}): Promise<Runner> {
    const dir = join(lab.dir, `runner-${release}`);
    const { manifest } = await makeRelease(lab, release);
    const about = { id: release, digest: manifest.digest };
    await writeFile(join(lab.dir, 'made', `${release}.json`), `a line of npm\n${JSON.stringify(about)}\n`);
    return Runner.make({
      dir,
      names: {
        'inputs.release': release,
        'github.ref_name': 'main',
        'runner.temp': join(dir, 'temp'),
        'vars.DEPLOY_SETTINGS': await lab.read('deploy.yml'),
        'needs.release.outputs.digest': manifest.digest,
        ...SECRETS,
      },
      env: {
        PATH: `${join(lab.dir, 'bin')}:${process.env['PATH']}`,
        REAL_NPM: findCommand('npm') ?? '',
        MADE: join(lab.dir, 'made'),
        DATABASE_URL: 'mysql://root@localhost/none',
        JWT_SECRET: 'x'.repeat(32),
        ...more,
      },
      // It would be this very test run.
      instead: { 'Build and test': 'echo tested' },
    });
  }

  /** Both jobs, without what only moves files between them. */
  async function run(release: string, more?: Readonly<Record<string, string>>) {
    const runner = await runnerFor(release, more);
    const built = await runner.job(workflow, 'release');
    const { digest } = await runner.outputs();
    return { runner, built, digest, deployed: await runner.job(workflow, 'deploy') };
  }

  const failedOf = (results: readonly StepResult[]) => results.flatMap(({ ok, name }) => (ok ? [] : [name]));

  it('waits for the deploy before it, may only read, ends by itself, and tests what it deploys', () => {
    const { jobs, concurrency, permissions } = workflow;
    expect(concurrency['cancel-in-progress']).toBe(false);
    expect(concurrency.group).toContain('inputs.environment');
    expect(permissions).toEqual({ contents: 'read' });
    for (const job of Object.values(jobs)) expect(job['timeout-minutes']).toBeLessThanOrEqual(45);
    const { release, deploy } = jobs;
    expect(release?.steps.find(({ name }) => name === 'Build and test')?.run).toBe('.ci/run');
    expect(deploy?.needs).toBe('release');
    expect(deploy?.environment).toContain('inputs.environment');
    expect(JSON.stringify(release)).not.toContain('secrets.');
    expect(release?.outputs).toEqual({ digest: '${{ steps.release.outputs.digest }}' });
  });

  it('gives its tests the programs that those of every change have', async () => {
    const programs = ({ jobs }: Workflow) =>
      Object.values(jobs)
        .flatMap(({ steps }) => steps)
        .find(({ name }) => name === 'Programs that the tests need');
    expect(programs(workflow)?.run).toContain('mariadb-server-core');
    expect(programs(workflow)).toEqual(programs(await readWorkflow('ci.yml')));
  });

  it('says which setting of the environment is missing', async () => {
    const runner = await runnerFor('r0');
    const { steps, ...job } = workflow.jobs['deploy']!;
    const bare = steps.map((step) => ({ ...step, env: { ...step.env, DEPLOY_KNOWN_HOSTS: '' } }));
    const [first] = await runner.job(
      { ...workflow, jobs: { deploy: { ...job, steps: bare.slice(0, 4) } } },
      'deploy',
    );
    expect(first).toMatchObject({
      ok: false,
      out: expect.stringContaining('::error::DEPLOY_KNOWN_HOSTS') as string,
    });
  });

  it('deploys what was built, by its digest, and shows the receipt as summary', async () => {
    const { runner, built, digest, deployed } = await run('r2');
    expect([failedOf(built), failedOf(deployed)]).toEqual([[], []]);
    expect(digest).toMatch(/^[0-9a-f]{64}$/);
    expect(await lab.served()).toBe('r2');
    const summary = await runner.summary;
    expect(summary).toContain('### deploy r2: done');
    expect(summary).toMatch(/requests meanwhile \| \d+, 0 failed/);
    expect(summary).toContain('mina (as ');
    expect(deployed.at(-1)?.out).toMatch(
      /Nothing was under way; green \(r2\) serves\.[^]*live +green \(r2\)[^]*blue \(r1\) -> green \(r2\)/,
    );
    const key = join(lab.dir, 'runner-r2/home/.ssh/id_deploy');
    expect((await stat(key)).mode & 0o777).toBe(0o600);
    expect(await readFile(key, 'utf8')).toBe('a key\n');
  });

  it('fails when people lost requests, though the release is live', async () => {
    await lab.configure({ ...UNTOLD, watch: LENIENT });
    const { runner, deployed } = await run('r3', { FIXTURE: 'r3=fails' });
    expect(await lab.served()).toBe('r3');
    expect(failedOf(deployed)).toEqual(['Receipt']);
    expect(await runner.summary).toMatch(/requests meanwhile \| \d+, [1-9]\d* failed/);
  });

  it('fails when the release was refused, says why, and what serves', async () => {
    const before = await lab.served();
    const { runner, deployed } = await run('r4', { FIXTURE: 'r4=exits' });
    expect(failedOf(deployed)).toEqual(['Deploy', 'Receipt']);
    expect(await runner.summary).toMatch(/failed \(exit code 4\)[^]*no such table[^]*State: /);
    expect(await lab.served()).toBe(before);
  });

  it.each([
    ['before the switch', 'r5', {}, 'undone'],
    ['after it was verified', 'r6', { watch: { forMs: 60_000, intervalMs: 20 } }, 'finished'],
  ] as const)(
    'cancelled %s leaves one release serving and nothing half done',
    async (_, id, changes, end) => {
      const before = await lab.served();
      await lab.configure({ ...SETTINGS, ...changes });
      const runner = await runnerFor(id, { FIXTURE: 'r5=never-listens' });
      await runner.job(workflow, 'release');
      const job = runner.job(workflow, 'deploy');
      const journal = () => lab.read('journal.jsonl').catch(() => '');
      const waited = id === 'r5' ? 'health' : 'watch';
      const isThere = async () => (await journal()).trim().split('\n').at(-1)?.includes(`"${waited}"`);
      await waitFor(isThere, { timeoutMs: 30_000, what: `the step ${waited}` });
      await runner.cancel();
      const results = await job;
      expect(failedOf(results)).toEqual(['Deploy', 'Receipt']);
      expect(results.at(-1)?.out).toContain(`What was begun is ${end}`);
      expect(await runner.summary).toContain('no receipt');
      expect(await lab.served()).toBe(end === 'finished' ? id : before);
      expect(Object.values(await lab.processes()).filter((pid) => pid !== null)).toHaveLength(1);
      expect((await lab.run(['status'])).out).not.toMatch(/unfinished|drift/);
    },
  );
});
