import { createServer } from 'node:net';
import { once } from 'node:events';
import { note, ok, problem, type Check } from '../core/checks';
import { COLOURS } from '../core/colour';
import { DeployError } from '../core/errors';
import { caveatOf, renderLive } from '../core/reload';
import { findProcess } from './drivers/driver';
import { readIfThere } from './files';
import { oldWorkersOf } from './nginx-master';
import { nginxVersion } from './nginx-program';
import type { Site } from './site';
import { masterToReload } from './traffic/reloading';

/** So many at once hold more memory than they are worth. */
const MANY_OLD_WORKERS = 16;

/** What a switch needs beside nginx itself, and what it cannot promise. */
export async function checkSwitch(site: Site): Promise<readonly Check[]> {
  if (site.settings.switch.strategy === 'socket') return [ok('switch', 'by a link: no reload')];
  const include = site.settings.nginx.manage ? [] : [await checkInclude(site)];
  return [await checkPromise(), ...include, await checkPorts(site), await checkWorkers(site)];
}

async function checkPromise(): Promise<Check> {
  const caveat = caveatOf(await nginxVersion().catch(() => null));
  return caveat === null
    ? ok('switch', 'by a reload that spares idle clients')
    : note('switch', 'by a reload', caveat);
}

/** Somebody else's nginx does not start without the file that it includes. */
async function checkInclude({ layout, settings }: Site): Promise<Check> {
  const { liveInclude } = layout;
  const text = await readIfThere(liveInclude).catch(() => '');
  if (text !== null) return ok('include', liveInclude);
  const line = renderLive(null, settings.switch).trimEnd().split('\n').at(-1);
  const advice = `write \`${line}\` into it, and include it in \`upstream live\`: the first switch replaces it`;
  return problem('include', `there is no ${liveInclude}`, advice);
}

async function checkPorts(site: Site): Promise<Check> {
  const { host, ports } = site.settings.switch;
  const taken: number[] = [];
  for (const colour of COLOURS) {
    if ((await findProcess(site, colour)) !== null) continue;
    if (!(await isFree(host, ports[colour]))) taken.push(ports[colour]);
  }
  if (taken.length === 0) return ok('colours', `${host}:${ports.blue} and :${ports.green}`);
  return problem(
    'colours',
    `somebody else listens on ${host}:${taken.join(', ')}`,
    'free it, or set other switch.ports',
  );
}

async function isFree(host: string, port: number): Promise<boolean> {
  const server = createServer();
  try {
    await once(server.listen({ host, port }), 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}

async function checkWorkers(site: Site): Promise<Check> {
  try {
    const master = await masterToReload(site);
    if (master === null)
      return note(
        'workers',
        'nginx.pidFile is not set',
        'a switch is verified by answers alone: set it to have its processes watched',
      );
    const count = oldWorkersOf(master).length;
    const found = `${count} old nginx processes still hold connections`;
    if (count <= MANY_OLD_WORKERS) return ok('workers', found);
    return note('workers', found, 'they end by themselves; nginx.workerShutdownS says when at last');
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const { what, next = '' } = error.trouble;
    if (site.settings.nginx.manage) return ok('workers', 'nginx does not run; the next deploy starts it');
    return problem('workers', what, next);
  }
}
