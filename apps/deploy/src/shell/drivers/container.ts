import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import type { Placed, Slot } from '../../core/colour';
import { runArguments, type ContainerSettings } from '../../core/containers';
import { DeployError } from '../../core/errors';
import { colourLink, logFile } from '../../core/layout';
import { isSocketOf, RELEASE_ID } from '../../core/names';
import { runCommand, type CommandResult } from '../command';
import { variablesOf } from '../endpoints';
import { followCommand } from '../follow';
import { identityOf, isAlive } from '../process-identity';
import type { Site } from '../site';
import { pointLinkAt } from '../traffic/live-link';
import type { ColourProcess, Driver, Stopped } from './driver';

/** Ended by SIGKILL, as a shell counts. */
const KILLED = 137;
const KEPT_LINES = 2_000;

/** Docker or podman runs the colours. A process of a container is a process of this machine: it is known by its pid. */
export function containerDriver(settings: ContainerSettings): Driver {
  const nameOf = (slot: Slot) => `${settings.name}-${slot}`;
  return {
    start: (site, to) => startContainer(settings, site, to, nameOf(to.colour)),
    find: (_site, slot) => findRunning(settings, nameOf(slot)),
    stop: (site, slot) => stopContainer(settings, site, slot, nameOf(slot)),
    lastLines: async (_site, { colour }, count) => linesOf(settings, nameOf(colour), count),
    follow: (_site, { colour }, count, onLine) =>
      followCommand(
        [...settings.command, 'logs', '--follow', '--tail', String(count), nameOf(colour)],
        onLine,
      ),
    logOf: ({ layout }, target) => logFile(layout, target),
  };
}

/** Runs a command of docker or podman and lets the caller judge. @throws DeployError when there is none here */
export function engine({ command }: ContainerSettings, ...args: readonly string[]): Promise<CommandResult> {
  const [program = '', ...own] = command;
  const howToGet = 'install podman or docker, or set driver.command in deploy.yml';
  return runCommand([program], [...own, ...args], howToGet);
}

async function startContainer(
  settings: ContainerSettings,
  site: Site,
  to: Placed,
  name: string,
): Promise<ColourProcess> {
  // Whatever a dead deployer has left under that name gives way.
  await remove(settings, site, to.colour, name);
  const isSocket = site.settings.switch.strategy === 'socket';
  if (isSocket) await pointLinkAt(colourLink(site.layout, to.colour), to);
  const wish = {
    name,
    release: to.release,
    variables: variablesOf(site, to),
    volumes: isSocket ? [site.layout.runDir] : [],
  };
  await must(settings, ...runArguments(settings, wish));
  const running = await findRunning(settings, name);
  if (running) return running;
  const { output } = await engine(settings, 'logs', '--tail', '15', name);
  throw new DeployError('unhealthy', {
    what: `The container ${name} (${to.release}) ended as soon as it was started.`,
    details: output.split('\n').filter(Boolean),
  });
}

/** What is known to live needs no question to the engine, which takes a tenth of a second each time. */
const known = new Map<string, ColourProcess>();

async function findRunning(settings: ContainerSettings, name: string): Promise<ColourProcess | null> {
  const before = known.get(name);
  if (before && isAlive(before)) return before;
  known.delete(name);
  const format = '{{.State.Running}} {{.State.Pid}} {{index .Config.Labels "haru.release"}}';
  const { code, output } = await engine(settings, 'inspect', '--type', 'container', '--format', format, name);
  if (code !== 0) return null;
  const [isRunning, pid, release = ''] = output.trim().split(' ');
  const identity = isRunning === 'true' ? identityOf(Number(pid)) : null;
  if (!identity || !RELEASE_ID.test(release)) return null;
  const found = { ...identity, release };
  known.set(name, found);
  return found;
}

async function stopContainer(
  settings: ContainerSettings,
  site: Site,
  slot: Slot,
  name: string,
): Promise<Stopped> {
  const running = await findRunning(settings, name);
  if (!running) {
    await remove(settings, site, slot, name);
    return 'gone';
  }
  const graceS = Math.ceil(site.settings.stop.timeoutMs / 1_000);
  await must(settings, 'stop', '--time', String(graceS), name);
  const { output } = await engine(settings, 'inspect', '--format', '{{.State.ExitCode}}', name);
  await remove(settings, site, slot, name);
  return Number(output.trim()) === KILLED ? 'killed' : 'stopped';
}

async function linesOf(settings: ContainerSettings, name: string, count: number): Promise<readonly string[]> {
  const { code, output } = await engine(settings, 'logs', '--tail', String(count), name);
  return code === 0 ? output.split('\n').filter(Boolean) : [];
}

/** What it wrote goes with a container: its last words are kept in a file. */
async function keepLog(
  settings: ContainerSettings,
  { layout }: Site,
  slot: Slot,
  name: string,
): Promise<void> {
  const release = await labelOf(settings, name);
  if (release === null) return;
  const lines = await linesOf(settings, name, KEPT_LINES);
  await mkdir(layout.logDir, { recursive: true, mode: 0o750 });
  await writeFile(logFile(layout, { colour: slot, release }), lines.map((line) => `${line}\n`).join(''), {
    mode: 0o640,
  });
}

async function labelOf(settings: ContainerSettings, name: string): Promise<string | null> {
  const format = '{{index .Config.Labels "haru.release"}}';
  const { code, output } = await engine(settings, 'inspect', '--type', 'container', '--format', format, name);
  const release = output.trim();
  return code === 0 && RELEASE_ID.test(release) ? release : null;
}

/** The container, and the names of its sockets. */
async function remove(settings: ContainerSettings, site: Site, slot: Slot, name: string): Promise<void> {
  const { runDir } = site.layout;
  known.delete(name);
  await keepLog(settings, site, slot, name);
  await engine(settings, 'rm', '--force', name);
  await rm(colourLink(site.layout, slot), { force: true });
  const names = await readdir(runDir);
  const own = names.filter((one) => isSocketOf(one, slot));
  await Promise.all(own.map((one) => rm(`${runDir}/${one}`, { force: true })));
}

async function must(settings: ContainerSettings, ...args: readonly string[]): Promise<void> {
  const { code, output } = await engine(settings, ...args);
  if (code === 0) return;
  throw new DeployError('needsHuman', {
    what: `${settings.command.join(' ')} ${args[0]} failed.`,
    details: output.trim().split('\n').slice(-15),
    next: 'npm run deploy -- doctor',
  });
}
