import { InvalidSettings, loadDatabaseUrl } from '@app/config';
import { once } from 'node:events';
import { access, constants, readdir, stat, statfs } from 'node:fs/promises';
import { createServer } from 'node:net';
import { dirname, resolve } from 'node:path';
import { note, ok, problem, type Check } from '../core/checks';
import { DeployError } from '../core/errors';
import { readHistory } from '../core/history';
import { checkSwitch } from './checks-switch';
import { checkContainers } from './checks-containers';
import { checkSystemd } from './checks-systemd';
import { runCommand } from './command';
import { isErrno, readIfThere } from './files';
import { loadedGeneration, nginxVersion } from './nginx-program';
import type { Site } from './site';
import { checkNeeds } from './store/host';
import { isArchiveName } from './store/shelf';

const LEAST_NODE = [20, 19] as const;
const MIB = 1_048_576;
/** A build, its logs, and room for the ones before. */
const LEAST_FREE_MIB = 500;
/** Clocks of machines differ by less. */
const CLOCK_TOLERANCE_MS = 60_000;

/** What a deploy needs of the machine, whatever the settings say. */
export async function checkMachine(): Promise<readonly Check[]> {
  return [checkNode(), await checkFlock()];
}

/** What a deploy needs for this site. */
export async function checkSite(site: Site): Promise<readonly Check[]> {
  const { stateDir, runDir } = site.layout;
  const checks = [
    checkNginx(site),
    checkPort(site),
    checkFolder('state', stateDir),
    checkFolder('sockets', runDir),
    checkDisk(stateDir),
    ...(site.settings.driver.kind === 'container' ? [] : [checkReleases(site)]),
    checkDatabase(site),
    checkNeeds(site),
    checkClock(site),
  ];
  return [
    ...(await Promise.all(checks)),
    ...(await checkSwitch(site)),
    ...(await checkSystemd(site)),
    ...(await checkContainers(site)),
  ];
}

function checkNode(): Check {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
  const isEnough = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1]);
  if (isEnough) return ok('node', process.versions.node);
  return problem(
    'node',
    `${process.versions.node} is too old`,
    `install Node ${LEAST_NODE.join('.')} or newer`,
  );
}

async function checkFlock(): Promise<Check> {
  const result = await runCommand(['flock'], ['--version']).catch(asProblem);
  if (typeof result !== 'string') return ok('flock', result.output.trim());
  return problem('flock', result, 'install it (Debian, Ubuntu: apt install util-linux)');
}

async function checkNginx({ settings }: Site): Promise<Check> {
  if (!settings.nginx.manage) return ok('nginx', 'somebody else runs it (nginx.manage: false)');
  const version = await nginxVersion().catch(asProblem);
  if (typeof version !== 'string') return ok('nginx', version.join('.'));
  return problem('nginx', version, 'install it (Debian, Ubuntu: apt install nginx-light)');
}

async function checkPort(site: Site): Promise<Check> {
  const { manage, host, port, tls } = site.settings.nginx;
  if (!manage) return ok('port', 'not ours');
  if ((await loadedGeneration(site).catch(() => null)) !== null) return ok('port', 'our nginx has it');
  for (const one of [port, ...(tls ? [tls.port] : [])]) {
    const why = await whyNotFree(host, one);
    if (why !== null) return problem('port', why, `free it, or set another nginx.port or nginx.host`);
  }
  return ok('port', `${host}:${port} is free`);
}

async function whyNotFree(host: string, port: number): Promise<string | null> {
  const server = createServer();
  try {
    server.listen({ port, host: host === '*' ? undefined : host });
    await once(server, 'listening');
    return null;
  } catch (error) {
    if (isErrno(error, 'EADDRINUSE')) return `somebody else listens on ${host}:${port}`;
    if (isErrno(error, 'EACCES')) return `${port} is for root alone`;
    return asProblem(error);
  } finally {
    server.close();
  }
}

/** Where the folder is not there yet, the one that it would be made in. */
async function checkFolder(name: string, path: string): Promise<Check> {
  const found = await nearest(path);
  const isFolder = (await stat(found)).isDirectory();
  if (!isFolder)
    return problem(name, `${found} is no folder`, 'name another folder in deploy.yml, or move that file');
  const canWrite = await access(found, constants.W_OK | constants.X_OK).then(
    () => true,
    () => false,
  );
  if (canWrite) return ok(name, path);
  return problem(
    name,
    `${found} cannot be written to`,
    `let ${process.getuid?.() ?? 'this user'} write there`,
  );
}

async function nearest(path: string): Promise<string> {
  try {
    await stat(path);
    return path;
  } catch (error) {
    if (!isErrno(error, 'ENOENT', 'ENOTDIR') || dirname(path) === path) throw error;
    return nearest(dirname(path));
  }
}

async function checkDisk(path: string): Promise<Check> {
  const { bavail, bsize } = await statfs(await nearest(path));
  const freeMib = Math.floor((bavail * bsize) / MIB);
  if (freeMib >= LEAST_FREE_MIB) return ok('disk', `${freeMib} MiB free`);
  return problem(
    'disk',
    `only ${freeMib} MiB free`,
    `make room: ${LEAST_FREE_MIB} MiB are needed at ${path}`,
  );
}

async function checkReleases(site: Site): Promise<Check> {
  const { releasesDir, projectDir } = site.layout;
  const names = await readdir(releasesDir).catch(() => []);
  const complete: string[] = [];
  for (const name of names) {
    if (isArchiveName(name) || (await isRelease(`${releasesDir}/${name}`, site))) complete.push(name);
  }
  const build = (await isRelease(projectDir, site)) ? ['the current build'] : [];
  const found = [...complete, ...build];
  if (found.length > 0) return ok('releases', found.join(', '));
  const advice = `npm run build, or put a release into ${releasesDir}/<id>`;
  return problem('releases', `nothing has ${site.settings.service.entry}`, advice);
}

function isRelease(home: string, { settings }: Site): Promise<boolean> {
  return access(resolve(home, settings.service.entry)).then(
    () => true,
    () => false,
  );
}

/** `npm run deploy` makes a private database where none is named; a server must name one. */
async function checkDatabase({ settings }: Site): Promise<Check> {
  if (settings.service.migrate === null) return ok('database', 'not migrated by this tool');
  if (settings.driver.kind !== 'process') return ok('database', 'named in driver.environmentFile');
  try {
    return ok('database', new URL(loadDatabaseUrl()).host);
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return note(
      'database',
      'DATABASE_URL is not set, or wrong',
      'a private database is used; a server sets its own',
    );
  }
}

async function checkClock({ layout }: Site): Promise<Check> {
  const lines = ((await readIfThere(layout.historyFile).catch(() => null)) ?? '').split('\n');
  const last = readHistory(lines, 1).receipts[0]?.finishedAt;
  const now = new Date();
  if (last === undefined || Date.parse(last) <= now.getTime() + CLOCK_TOLERANCE_MS)
    return ok('clock', now.toISOString());
  const found = `it is ${now.toISOString()}, before the end of the last run (${last})`;
  return problem('clock', found, 'set the clock (timedatectl set-ntp true)');
}

function asProblem(error: unknown): string {
  if (error instanceof DeployError) return error.trouble.what;
  return error instanceof Error ? error.message : String(error);
}
