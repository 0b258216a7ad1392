import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, mkdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { resolve } from 'node:path';
import { parse as parseYaml, YAMLParseError } from 'yaml';
import { DeployError } from '../core/errors';
import { fitsSockets, layoutOf, layoutProblems, type Folders, type Layout } from '../core/layout';
import type { JobPlace } from '../core/job';
import { parseSettings, type Settings } from '../core/settings';
import { isErrno, readIfThere } from './files';
import type { Endpoint } from './http';

/** What every effect of this tool needs to know: the settings, and where everything is. */
export type Site = Readonly<{
  settings: Settings;
  layout: Layout;
  /** where the settings were read from; the file need not be there */
  file: string;
  /** set on a host that works for a coordinating machine */
  job?: JobPlace;
}>;

/**
 * Reads the settings file.
 *
 * @param file null: `deploy.yml` of the project if there is one, else the defaults
 * @param projectDir the folder that relative paths begin at
 * @throws DeployError naming every problem at once
 */
export async function loadSite(file: string | null, projectDir: string): Promise<Site> {
  const path = resolve(projectDir, file ?? 'deploy.yml');
  const text = await readIfThere(path);
  if (text === null && file !== null) throw wrong(path, ['there is no such file']);
  return siteOf(text === null ? {} : readYaml(path, text), projectDir, path);
}

/**
 * @param content of a settings file
 * @param path what it is called when it is wrong
 * @throws DeployError naming every problem at once
 */
export function siteOf(content: unknown, projectDir: string, path: string): Site {
  const parsed = parseSettings(content);
  if (!parsed.ok) throw wrong(path, parsed.problems);
  const folders = foldersOf(parsed.settings, projectDir);
  const problems = layoutProblems(folders);
  if (problems.length > 0) throw wrong(path, problems);
  const layout = { ...layoutOf(folders), ...filesOfOthers(parsed.settings, projectDir) };
  return { settings: parsed.settings, layout, file: path };
}

/** Files that somebody else's nginx has under names of its own. */
function filesOfOthers({ nginx }: Settings, projectDir: string): Partial<Layout> {
  const { accessLog, errorLog, include } = nginx;
  const named = { accessLog, errorLog, liveInclude: include };
  const set = Object.entries(named).flatMap(([name, path]) =>
    path === null ? [] : [[name, resolve(projectDir, path)] as const],
  );
  return Object.fromEntries(set);
}

/** Makes the folders that are missing. Other people's programs have no business in them. */
export async function prepareFolders(site: Site): Promise<void> {
  const { settings, layout } = site;
  await prepareState(site);
  // The service's own user has it, and a boot makes it anew: see the units.
  if (settings.driver.kind === 'systemd') return refuseMissingFolder(layout.runDir);
  await makeFolder('runDir', layout.runDir, 0o750);
  await refuseForeignFolder(layout.runDir);
}

export async function prepareState({ layout }: Site): Promise<void> {
  await makeFolder('stateDir', layout.stateDir, 0o777);
}

/** @throws DeployError naming the setting, where it leads to a place that no folder can be made in */
async function makeFolder(key: 'stateDir' | 'runDir', path: string, mode: number): Promise<void> {
  try {
    await mkdir(path, { recursive: true, mode });
    await access(path, constants.W_OK | constants.X_OK);
  } catch (error) {
    if (!isErrno(error, 'ENOTDIR', 'EEXIST', 'EACCES', 'EPERM', 'ENOENT')) throw error;
    throw new DeployError('needsHuman', {
      what: `${key}: ${path} is no folder that this account can write to (${error instanceof Error ? error.message : String(error)}).`,
      left: 'Nothing was changed.',
      next: `correct ${key} in deploy.yml, or run the command as the account that it belongs to`,
    });
  }
}

/** Where the site's own nginx listens, as this machine reaches it: with TLS by a socket, where it speaks plain HTTP. */
export function publicEndpoint({ settings, layout }: Site): Endpoint {
  const { host, port, tls, siteSocket } = settings.nginx;
  if (siteSocket !== null) return { socketPath: resolve(layout.projectDir, siteSocket) };
  if (tls) return { socketPath: layout.siteSocket };
  return { host: ['0.0.0.0', '*'].includes(host) ? '127.0.0.1' : host, port };
}

/** The address that people open. */
export function siteUrl({ settings }: Site): string {
  const { serverName, port, tls } = settings.nginx;
  if (!tls) return `http://${serverName}${port === 80 ? '' : `:${port}`}`;
  return `https://${serverName}${tls.port === 443 ? '' : `:${tls.port}`}`;
}

function foldersOf(settings: Settings, projectDir: string): Folders {
  const stateDir = resolve(projectDir, settings.stateDir);
  return {
    projectDir,
    stateDir,
    runDir: settings.runDir ? resolve(projectDir, settings.runDir) : defaultRunDir(stateDir),
    releasesDir: resolve(projectDir, settings.releasesDir),
  };
}

/** In a checkout with a long name the sockets would not fit an address: then they go to a short folder of their own. */
function defaultRunDir(stateDir: string): string {
  const near = `${stateDir}/run`;
  if (fitsSockets(near)) return near;
  const mark = createHash('sha256').update(stateDir).digest('hex').slice(0, 8);
  const short = `haru-deploy-${mark}`;
  return fitsSockets(`${tmpdir()}/${short}`) ? `${tmpdir()}/${short}` : `/tmp/${short}`;
}

/** The short folder has a name that others can know: they must not have made it before us. */
async function refuseForeignFolder(path: string): Promise<void> {
  const found = await lstat(path);
  if (found.isDirectory() && (found.uid === process.getuid?.() || found.uid === 0)) return;
  throw new DeployError('needsHuman', {
    what: `${path} belongs to somebody else (user id ${found.uid}).`,
    left: 'Nothing was changed.',
    next: 'set runDir in deploy.yml to a folder of your own',
  });
}

async function refuseMissingFolder(path: string): Promise<void> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return;
  throw new DeployError('needsHuman', {
    what: `${path} is not there: nothing has made systemd the supervisor of this site yet.`,
    left: 'Nothing was changed.',
    next: 'npm run deploy -- install',
  });
}

function readYaml(path: string, text: string): unknown {
  try {
    return parseYaml(text);
  } catch (error) {
    if (error instanceof YAMLParseError) throw wrong(path, [error.message]);
    // A name that nothing was given, or too many of them: *.example.com is a reference in YAML.
    if (!(error instanceof ReferenceError)) throw error;
    const meant = linesWith(text, /:\s*\*/).map(
      (line) => `${line} (a value that begins with * needs quotes)`,
    );
    throw wrong(path, [error.message, ...meant]);
  }
}

function linesWith(text: string, pattern: RegExp): readonly string[] {
  const lines = text.split('\n').map((line, index) => [`line ${index + 1}: ${line.trim()}`, line] as const);
  return lines.filter(([, line]) => pattern.test(line)).map(([told]) => told);
}

function wrong(path: string, problems: readonly string[]): DeployError {
  return new DeployError('usage', {
    what: `The settings in ${path} are wrong:`,
    details: problems,
    left: 'Nothing was changed.',
    next: 'correct them; apps/deploy/deploy.example.yml explains every key',
  });
}
