import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Placed, Slot } from '../../core/colour';
import { CARRIED_NODE } from '../../core/manifest';
import { RELEASE_ID } from '../../core/names';
import { variablesOf } from '../endpoints';
import { commandLineOf, groupOf, identityOf } from '../process-identity';
import type { Site } from '../site';
import type { ColourProcess } from './driver';
import { runningPids } from './group';

/**
 * Finds the process of a colour whose pid file is gone or says something else. It is known by what it was started with:
 * command and environment of this very site, at the head of a group of its own.
 *
 * @returns null where there is none, and where the system does not tell
 */
export function findOrphan(site: Site, colour: Slot): ColourProcess | null {
  for (const pid of runningPids()) {
    const release = releaseOf(site, colour, pid);
    const identity = release === null ? null : identityOf(pid);
    if (identity && release !== null) return { ...identity, release };
  }
  return null;
}

function releaseOf(site: Site, colour: Slot, pid: number): string | null {
  const words = ` ${site.settings.service.entry} `;
  const command = commandLineOf(pid) ?? '';
  if (!command.endsWith(words) || groupOf(pid) !== pid) return null;
  const release = environmentOf(pid)
    .find((one) => one.startsWith('RELEASE='))
    ?.slice('RELEASE='.length);
  if (release === undefined || !RELEASE_ID.test(release)) return null;
  const nodes = [process.execPath, join(site.layout.releasesDir, release, CARRIED_NODE)];
  if (!nodes.some((node) => command === `${node}${words}`)) return null;
  return isStartedAs(site, { colour, release }, pid) ? release : null;
}

/** Only what a colour is, and what it starts, is told this; hooks and smoke commands are not. */
export function markOf({ layout }: Site): string {
  return `DEPLOYED_FROM=${layout.stateDir}`;
}

/**
 * What a process has started and left behind when it ended. It is known by the environment that it was given.
 *
 * @param leader its number, when it has ended just now: then whoever is in its group came from it, too
 */
export function leftBehind(site: Site, target: Placed, leader: number | null = null): readonly number[] {
  // A number that somebody has again by now leads somebody else's group.
  const group = leader !== null && identityOf(leader) === null ? leader : null;
  return runningPids().filter(
    (pid) => isStartedAs(site, target, pid) || (group !== null && groupOf(pid) === group),
  );
}

function isStartedAs(site: Site, target: Placed, pid: number): boolean {
  const variables = new Set(environmentOf(pid));
  return [...variablesOf(site, target), markOf(site)].every((one) => variables.has(one));
}

/** Of processes of this account; others do not show theirs. */
function environmentOf(pid: number): readonly string[] {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
  } catch {
    return [];
  }
}
