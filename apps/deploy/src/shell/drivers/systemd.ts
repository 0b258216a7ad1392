import { mkdir, readdir, rename, rm, stat, symlink, utimes } from 'node:fs/promises';
import type { Placed, Slot } from '../../core/colour';
import type { SystemdSettings } from '../../core/driver-settings';
import { DeployError } from '../../core/errors';
import { colourLink, type Layout } from '../../core/layout';
import { isSocketOf } from '../../core/names';
import { runCommand } from '../command';
import { syncFolder, writeDurably } from '../durable';
import { variablesOf } from '../endpoints';
import { readIfThere } from '../files';
import { followCommand } from '../follow';
import { identityOf } from '../process-identity';
import { releaseHome, releaseNode } from '../releases';
import type { Site } from '../site';
import { pointLinkAt } from '../traffic/live-link';
import type { ColourProcess, Driver, Stopped } from './driver';
import { mustSystemctl, show, systemctl } from './systemctl';

/** systemd runs the colours, and has the live one back when it dies. */
export function systemdDriver(settings: SystemdSettings): Driver {
  const unitOf = (slot: Slot) => `${settings.unit}@${slot}.service`;
  return {
    start: (site, to) => startUnit(site, to, unitOf(to.colour)),
    find: ({ layout }, slot) => findMain(layout, slot, unitOf(slot)),
    stop: ({ layout }, slot) => stopUnit(layout, slot, unitOf(slot)),
    lastLines: async ({ layout }, { colour }, count) => {
      const { output } = await runCommand(
        ['journalctl'],
        await journalOf(layout, colour, unitOf(colour), count),
      );
      return output.split('\n').filter(Boolean);
    },
    follow: async ({ layout }, { colour }, count, onLine) =>
      followCommand(
        ['journalctl', ...(await journalOf(layout, colour, unitOf(colour), count)), '-f'],
        onLine,
      ),
    logOf: (_site, { colour }) => `journalctl -u ${unitOf(colour)}`,
  };
}

/** What the unit needs to know is on the disk before it starts: a boot finds it there, too. */
async function startUnit(site: Site, target: Placed, unit: string): Promise<ColourProcess> {
  const { layout, settings } = site;
  await mkdir(layout.slotsDir, { recursive: true });
  await pointHomeAt(layout, target.colour, await releaseHome(site, target.release));
  const variables = [
    ...variablesOf(site, target),
    `NODE=${await releaseNode(site, target.release)}`,
    `ENTRY=${settings.service.entry}`,
  ];
  await writeIfOther(envFile(layout, target.colour), variables.map((line) => `${line}\n`).join(''));
  if (settings.switch.strategy === 'socket') await pointLinkAt(colourLink(layout, target.colour), target);
  await systemctl('reset-failed', unit);
  // Whatever a dead deployer has left of it, also between two starts, gives way.
  await mustSystemctl('restart', unit);
  const running = await findMain(layout, target.colour, unit);
  if (running) return running;
  throw new DeployError('unhealthy', { what: `${unit} ended as soon as it was started.` });
}

/**
 * A unit that waits for its next start has no process, but it is there and has to be stopped: pid 0 answers for nobody.
 */
async function findMain(layout: Layout, slot: Slot, unit: string): Promise<ColourProcess | null> {
  const [state = '', pid = ''] = await show(unit, 'ActiveState', 'MainPID');
  if (['inactive', 'failed', ''].includes(state)) return null;
  const text = (await readIfThere(envFile(layout, slot))) ?? '';
  const release = /^RELEASE=(.+)$/m.exec(text)?.[1];
  if (release === undefined) return null;
  const identity = identityOf(Number(pid)) ?? { pid: 0, startTicks: '' };
  return { ...identity, release };
}

/** systemd itself kills what is left when the time is over, all children with it. */
async function stopUnit(layout: Layout, slot: Slot, unit: string): Promise<Stopped> {
  const before = await findMain(layout, slot, unit);
  await mustSystemctl('stop', unit);
  const [result] = await show(unit, 'Result');
  await systemctl('reset-failed', unit);
  // Nobody starts it by hand without what it needs to know.
  await rm(envFile(layout, slot), { force: true });
  await rm(colourLink(layout, slot), { force: true });
  const names = await readdir(layout.runDir);
  const own = names.filter((name) => isSocketOf(name, slot));
  await Promise.all(own.map((name) => rm(`${layout.runDir}/${name}`, { force: true })));
  if (before === null) return 'gone';
  return result === 'timeout' ? 'killed' : 'stopped';
}

/** What the service itself wrote, since this start alone: an older release's last words say nothing about this one. */
async function journalOf(
  layout: Layout,
  slot: Slot,
  unit: string,
  count: number,
): Promise<readonly string[]> {
  const startedMs = await stat(envFile(layout, slot)).then(
    ({ mtimeMs }) => mtimeMs,
    () => null,
  );
  const since = startedMs === null ? [] : [`--since=@${(startedMs / 1_000).toFixed(6)}`];
  const options = ['-n', String(count), '-o', 'cat', '--no-pager', '-q', ...since];
  return [`_SYSTEMD_UNIT=${unit}`, ...options];
}

/** A boot finds what it would write: then a full disk does not keep it from starting. Its time says since when it runs. */
async function writeIfOther(path: string, text: string): Promise<void> {
  if ((await readIfThere(path)) !== text) return writeDurably(path, text);
  const now = new Date();
  await utimes(path, now, now);
}

async function pointHomeAt(layout: Layout, slot: Slot, home: string): Promise<void> {
  const link = `${layout.slotsDir}/${slot}.home`;
  const draft = `${link}.new`;
  await rm(draft, { force: true });
  await symlink(home, draft);
  await rename(draft, link);
  await syncFolder(layout.slotsDir);
}

function envFile({ slotsDir }: Layout, slot: Slot): string {
  return `${slotsDir}/${slot}.env`;
}
