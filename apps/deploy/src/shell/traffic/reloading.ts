import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployError } from '../../core/errors';
import { emergenciesIn, strangeFileIn } from '../../core/reload';
import { writeDurably } from '../durable';
import { lastLines, readIfThere } from '../files';
import { findMaster, pidFileOf } from '../nginx-master';
import { checkConfig, nginx } from '../nginx-program';
import { signal, type ProcessIdentity } from '../process-identity';
import { runShellCommand } from '../shell-command';
import type { Site } from '../site';

const COMMAND_TIMEOUT_MS = 30_000;
const SHOWN_LINES = 5;
const LEFT = 'The file with the live server is as it was; whatever served still serves.';

/**
 * The process that a reload is asked of.
 *
 * @returns null where somebody else's nginx is only known by a command
 * @throws DeployError when it does not run; nothing was signalled then, whoever has the number of its pid file today
 */
export async function masterToReload(site: Site): Promise<ProcessIdentity | null> {
  const file = pidFileOf(site);
  if (file === null) return null;
  const master = await findMaster(site);
  if (master !== null) return master;
  const noted = (await readIfThere(file).catch(() => null))?.trim();
  throw new DeployError('needsHuman', {
    what: noted
      ? `nginx does not run: ${file} names process ${noted}, which is no nginx.`
      : `nginx does not run: there is no ${file}.`,
    left: 'No process was signalled, and no file of nginx changed.',
    next: site.settings.nginx.manage
      ? 'npm run deploy -- deploy starts it again'
      : 'start nginx, or correct nginx.pidFile in deploy.yml',
  });
}

/**
 * Lets nginx read the new file before it replaces the one in use.
 *
 * @throws DeployError with nginx's own words
 */
export async function checkDraft(site: Site, text: string): Promise<void> {
  const { liveInclude, nginxConf, nginxDir } = site.layout;
  const include = `${liveInclude}.draft`;
  const conf = join(nginxDir, 'draft.conf');
  await mkdir(nginxDir, { recursive: true });
  await writeDurably(include, text);
  try {
    const whole = site.settings.nginx.manage ? await readIfThere(nginxConf) : null;
    const draft = whole?.replaceAll(`"${liveInclude}"`, `"${include}"`) ?? aloneIn(site, include);
    await writeDurably(conf, draft, 0o600);
    await (whole === null ? checkAlone(site, conf) : checkConfig(site, conf));
  } finally {
    await Promise.all([include, conf].map((path) => rm(path, { force: true })));
  }
}

/** Somebody else's whole configuration is not ours to copy: the file is checked in the smallest one. */
function aloneIn({ layout }: Site, include: string): string {
  return [
    `pid "${layout.nginxDir}/draft.pid";`,
    'events {}',
    `http { access_log off; upstream live { include "${include}"; } }\n`,
  ].join('\n');
}

async function checkAlone(site: Site, conf: string): Promise<void> {
  // Where nginx is not on this machine there is nobody to ask.
  const result = await nginx(site, conf, ['-t']).catch(() => null);
  if (result === null || result.code === 0) return;
  throw refused(site, 'nginx refuses the new server.', result.output.split('\n'));
}

/**
 * Lets somebody else's nginx check all that it has, where a command for that is set.
 *
 * @throws DeployError naming the file that it refuses, which may be another site's
 */
export async function checkInUse(site: Site): Promise<void> {
  const { manage, checkCommand } = site.settings.nginx;
  if (!manage && checkCommand !== null) await runOf(site, 'check', checkCommand);
}

/** @throws DeployError when the command of the settings fails */
export async function askToReload(site: Site, master: ProcessIdentity | null): Promise<void> {
  const { manage, reloadCommand } = site.settings.nginx;
  if (!manage && reloadCommand !== null) await runOf(site, 'reload', reloadCommand);
  else if (master !== null) signal(master, 'SIGHUP');
}

async function runOf(site: Site, name: 'check' | 'reload', text: string): Promise<void> {
  const { logDir, projectDir: cwd } = site.layout;
  const logPath = join(logDir, `nginx-${name}.log`);
  await rm(logPath, { force: true });
  const problem = await runShellCommand({ text, cwd, logPath, timeoutMs: COMMAND_TIMEOUT_MS });
  if (problem === null) return;
  const said = await lastLines(logPath, SHOWN_LINES);
  throw refused(site, `nginx.${name}Command (${text}) failed: ${problem}.`, said);
}

function refused(site: Site, what: string, lines: readonly string[]): DeployError {
  const { liveInclude, nginxConf } = site.layout;
  const details = lines.filter((line) => line.trim() !== '');
  const stranger = strangeFileIn(details, [liveInclude, `${liveInclude}.draft`, nginxConf]);
  const next = stranger
    ? `${stranger} is not this site's: let its owner correct it, then deploy again`
    : 'correct what the lines name, then deploy again';
  return new DeployError('needsHuman', { what, details, left: LEFT, next });
}

/** @returns reads what the log of nginx says from now on about a configuration that is not taken */
export async function markLog({ layout }: Site): Promise<() => Promise<readonly string[]>> {
  const from = await sizeOf(layout.errorLog);
  return async () => emergenciesIn(await textFrom(layout.errorLog, from).catch(() => ''));
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  );
}

async function textFrom(path: string, from: number): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    // A log that has become shorter was rotated.
    const begin = size < from ? 0 : from;
    const { buffer, bytesRead } = await file.read(Buffer.alloc(size - begin), 0, size - begin, begin);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** @param said nginx's own words, where its log could be read */
export function notTaken(site: Site, said: readonly string[]): DeployError {
  const what = 'nginx was told to reload, answered 0, and keeps its old configuration.';
  return said.length > 0
    ? refused(site, what, said)
    : refused(site, what, [`${site.layout.errorLog} says no reason (nginx.errorLog)`]);
}
