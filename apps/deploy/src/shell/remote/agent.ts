import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { text } from 'node:stream/consumers';
import { resolve } from 'node:path';
import { DeployError } from '../../core/errors';
import { settingsOn, type Host } from '../../core/host-settings';
import { readEvent } from '../../core/job';
import { MARK_FILE } from '../../core/manifest';
import { isFolder } from '../files';
import type { Question } from '../host/look';
import type { Site } from '../site';
import { collectRunner, type Runner } from './runner';
import { readEnvironment } from './environment';
import { endOf, lastWords, openSsh, quote, runOnHost, type Answer } from './ssh';

/** Copies of this tool that stay on a host: an older one may still work there. */
const KEPT_RUNNERS = 3;

/** A host that could not be reached, or not talked to. */
export class Unreachable extends Error {}

let collected: Runner | null = null;

function runner(): Runner {
  return (collected ??= collectRunner());
}

/** The command that runs a task of our program there, or says that the program is not there. */
export function agentCommand(site: Site, host: Host, ...task: readonly string[]): string {
  const home = runnerHome(site, host);
  const { environmentFile: file } = host;
  const environment = file === undefined ? [] : [readEnvironment(file)];
  const words = [host.node, `${home}/${runner().program}`, ...task];
  return inShell([
    `cd ${quote(host.dir)} 2>/dev/null && test -f ${quote(`${home}/complete`)} || { echo '{"kind":"no-runner"}'; exit 0; }`,
    ...environment,
    `exec ${words.map(quote).join(' ')}`,
  ]);
}

/**
 * Runs a task of our program on a host, which gets the program first where it lacks it.
 *
 * @throws Unreachable when the host cannot be talked to
 */
export async function askHost(site: Site, host: Host, task: string, question: Question): Promise<Answer> {
  const input = JSON.stringify({ ...question, settings: settingsOn(host, site.settings) });
  const ask = () => runOnHost(site, host, agentCommand(site, host, task), input);
  let answer = await ask();
  if (saysNoRunner(answer.out)) {
    await copyRunner(site, host);
    answer = await ask();
  }
  if (!answer.isReached) throw new Unreachable(lastWords(answer.err));
  return answer;
}

function saysNoRunner(out: string): boolean {
  return out.split('\n').some((line) => readEvent(line)?.kind === 'no-runner');
}

/** Copies our program to a host, beside the versions that are there. @throws Unreachable */
export async function copyRunner(site: Site, host: Host): Promise<void> {
  const { root, files, digest } = runner();
  const home = runnerHome(site, host);
  const runners = home.slice(0, -digest.length - 1);
  const command = inShell([
    `set -e; umask 022; mkdir -p ${quote(host.dir)}; cd ${quote(host.dir)}`,
    `new=${quote(runners)}/.new-$$; mkdir -p "$new"; tar -xz -f - -C "$new"; touch "$new/complete"`,
    `mv -T "$new" ${quote(home)} 2>/dev/null || rm -rf "$new"`,
    `test -f ${quote(`${home}/complete`)}`,
    `cd ${quote(runners)}; ls -1t | tail -n +${KEPT_RUNNERS + 1} | while read -r old; do`,
    // A unit that is started at boot may name one.
    '  grep -rqsF "$old" /etc/systemd/system || rm -rf "$old"; done',
  ]);
  await stream(site, host, command, ['tar', '-cz', '-C', root, '-f', '-', '-T', '-'], files.join('\n'));
}

/**
 * Copies a release: a tarball as it is, a folder with the mark of what was unpacked by this tool. It gets its name when all
 * of it is there: a connection that drops leaves nothing that could be taken for a release.
 *
 * @throws Unreachable
 */
export async function copyRelease(site: Site, host: Host, { id, from, digest }: Sent): Promise<void> {
  const settings = settingsOn(host, site.settings);
  const releases = String(settings['releasesDir']);
  const draft = '"$draft"';
  const begin = [
    `set -e; umask 022; cd ${quote(host.dir)}; mkdir -p ${quote(releases)}`,
    // What fills a disk must not go on doing so.
    `draft=${quote(`${releases}/.incoming-${id}`)}; rm -rf ${draft}; trap 'rm -rf ${draft}' EXIT`,
  ];
  if (!(await isFolder(from))) {
    // The end of a connection looks like the end of a file.
    const receive = `cat >${draft}; test "$(wc -c <${draft})" -eq ${(await stat(from)).size}`;
    const place = `mv -T ${draft} ${quote(`${releases}/${id}.tar.gz`)}; sync -f ${quote(releases)}`;
    return stream(site, host, inShell([...begin, receive, place]), ['cat', from]);
  }
  const mark = { by: resolve(host.dir, String(settings['stateDir'])), at: new Date().toISOString(), digest };
  const command = inShell([
    ...begin,
    `mkdir ${draft}; tar -xz -f - -C ${draft}; printf '%s\\n' ${quote(JSON.stringify(mark))} >${draft}/${MARK_FILE}`,
    `mv -T ${draft} ${quote(`${releases}/${id}`)}; sync -f ${quote(releases)}`,
  ]);
  return stream(site, host, command, ['tar', '-cz', '-C', from, '-f', '-', '.']);
}

/** A release on its way. */
export type Sent = Readonly<{ id: string; /** a folder or a tarball */ from: string; digest: string }>;

/** Sends what a program writes to a command on a host. */
async function stream(
  site: Site,
  host: Host,
  command: string,
  packer: readonly [string, ...string[]],
  names = '',
): Promise<void> {
  const [program, ...args] = packer;
  const tar = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
  const child = openSsh(site, host, command);
  tar.stdin.on('error', () => undefined).end(names);
  // Whoever reads no more is written to no more: the packer would wait for ever. How ssh ended says why.
  void pipeline(tar.stdout, child.stdin).catch(() => undefined);
  const ended = Promise.all([once(tar, 'close'), endOf(site, child)]);
  const [[[packed], code], problem, err] = await Promise.all([ended, text(tar.stderr), text(child.stderr)]);
  if (packed !== 0 && code === 0)
    throw new DeployError('bug', { what: `${program} failed: ${problem.trim()}` });
  if (code !== 0) throw new Unreachable(lastWords(err));
}

/** Named from the host's folder of the project, or absolute. */
function runnerHome({ settings }: Site, host: Host): string {
  return `${String(settingsOn(host, settings)['stateDir'])}/runner/${runner().digest}`;
}

/** Whatever the account's own shell is. */
function inShell(lines: readonly string[]): string {
  return `exec sh -c ${quote(lines.join('\n'))}`;
}
