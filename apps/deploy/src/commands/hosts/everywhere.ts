import { createInterface } from 'node:readline';
import { loadOperator } from '@app/config';
import { EXIT, kindOf, DeployError, type ExitCode } from '../../core/errors';
import { exitCodeOf, type Standing } from '../../core/fleet';
import { whyRefused, type Answers } from '../../core/fleet-answers';
import { settingsOn, type Host } from '../../core/host-settings';
import { parseJson } from '../../shell/files';
import { agentCommand, askHost, Unreachable } from '../../shell/remote/agent';
import { AttendedJob } from '../../shell/remote/attended';
import { standingOf } from '../../shell/remote/run-together';
import { endOf, lastWords, openSsh } from '../../shell/remote/ssh';
import type { Site } from '../../shell/site';
import type { Session } from '../session';

/** What a command said on each host. */
export type Everywhere = Readonly<{ hosts: Answers; exitCode: ExitCode }>;

/**
 * Runs a command that changes something on each host by itself: it goes on when the connection is lost.
 *
 * @param migrates whether it may change the database that all of them share
 */
export async function doOnEach(
  { site, reporter }: Session,
  hosts: readonly Host[],
  words: readonly string[],
  migrates = true,
): Promise<Everywhere> {
  const id = `${new Date().toISOString().replaceAll(':', '-')}-${process.pid}`;
  const { goTimeoutMs } = site.settings.ssh;
  const common = {
    id,
    words: [...words],
    isGated: false,
    migrates,
    fingerprint: null,
    goTimeoutMs,
    askedBy: loadOperator(),
  };
  const jobs = hosts.map((host) => {
    const job = { ...common, settings: settingsOn(host, site.settings) };
    const onLine = (text: string): void => reporter.say(`${host.name}  ${text}`);
    return new AttendedJob(site, host, { job, onLine, onChange: () => undefined });
  });
  await Promise.all(jobs.map((job) => job.follow()));
  return summed(jobs.map(standingOf));
}

/** Asks each host, with one JSON answer of each. */
export async function askEach(
  { site }: Session,
  hosts: readonly Host[],
  words: readonly string[],
): Promise<Everywhere> {
  return summed(await Promise.all(hosts.map((host) => askOne(site, host, words))));
}

export async function askOne(site: Site, host: Host, words: readonly string[]): Promise<Standing> {
  try {
    const question = { settings: {}, words: [...words, '--json'] };
    const { code, out } = await askHost(site, host, 'command', question);
    return { host: host.name, progress: { kind: 'ended', exitCode: code, output: parseJson(out) } };
  } catch (error) {
    if (!(error instanceof Unreachable)) throw error;
    return { host: host.name, progress: { kind: 'lost', why: error.message } };
  }
}

/** Asks each host and shows what it says line by line, each with the host's name before it. */
export async function showEach(
  { site }: Session,
  hosts: readonly Host[],
  words: readonly string[],
  say: (line: string) => void,
): Promise<ExitCode> {
  const show = async (host: Host): Promise<Standing> => {
    // Brings our program there, where it is missing.
    await askHost(site, host, 'look', { settings: {} });
    const child = openSsh(site, host, agentCommand(site, host, 'command'));
    child.stdin.end(JSON.stringify({ settings: settingsOn(host, site.settings), words }));
    const ended = endOf(site, child);
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => say(`${host.name}  ${line}`));
    }
    const code = await ended;
    return { host: host.name, progress: { kind: 'ended', exitCode: code ?? EXIT.needsHuman, output: null } };
  };
  const standings = hosts.map((host) =>
    show(host).catch((error: unknown): Standing => {
      if (!(error instanceof Unreachable)) throw error;
      say(`${host.name}  cannot be asked: ${error.message}`);
      return { host: host.name, progress: { kind: 'lost', why: error.message } };
    }),
  );
  return exitCodeOf(await Promise.all(standings));
}

/** @throws DeployError with what each host said, when one of them failed */
export function refuseFailures({ hosts, exitCode }: Everywhere): void {
  if (exitCode === EXIT.done) return;
  throw new DeployError(kindOf(exitCode), {
    what: 'It did not succeed on every host:',
    details: Object.entries(hosts).map(([host, said]) => `${host}: ${whyRefused(said) ?? 'well'}`),
    hosts,
    next: 'npm run deploy -- status',
  });
}

export function summed(standings: readonly Standing[]): Everywhere {
  const hosts = standings.map(({ host, progress }) => [host, saidBy(progress)]);
  return { hosts: Object.fromEntries(hosts) as Record<string, unknown>, exitCode: exitCodeOf(standings) };
}

function saidBy(progress: Standing['progress']): unknown {
  if (progress.kind !== 'ended')
    return { unreachable: progress.kind === 'lost' ? progress.why : lastWords('') };
  const said = progress.output as { ok?: boolean; result?: unknown; error?: unknown } | null;
  return said?.ok
    ? said.result
    : { error: said?.error ?? 'it ended without a word', exitCode: progress.exitCode };
}
