import { join } from 'node:path';
import { DeployError } from '../../core/errors';
import type { HostLook } from '../../core/fleet';
import type { Host } from '../../core/host-settings';
import type { ReleaseFacts } from '../../core/facts';
import type { Reporter } from '../reporter';
import type { Site } from '../site';
import { copyRelease, Unreachable, type Sent } from './agent';

/** A host that has answered. */
export type Known = Readonly<{ host: string; look: HostLook }>;

/**
 * Gives a release to the hosts that lack it, all at once. Whether it has arrived as it is here, each looks before it starts it.
 *
 * @throws DeployError when a host has other code under that id, or one cannot be given it
 */
export async function sendRelease(
  site: Site,
  reporter: Reporter,
  release: ReleaseFacts,
  known: readonly Known[],
): Promise<void> {
  const { id, fingerprint: digest } = release;
  const from = release.fetchFrom ?? join(site.layout.releasesDir, id);
  const lacking = lackingHosts(site, release, known);
  if (lacking.length === 0) return;
  reporter.say(`Copying ${id} to ${lacking.map(({ name }) => name).join(', ')}.`);
  await sendToAll(site, lacking, { id, from, digest });
}

/**
 * @returns the hosts that a release is to be sent to
 * @throws DeployError when a host has other code under that id, or there is nothing that could be sent
 */
export function lackingHosts(site: Site, release: ReleaseFacts, known: readonly Known[]): readonly Host[] {
  if (release.source === 'build') throw noFolder(site, release.id);
  refuseOthers(release, known);
  return site.settings.hosts.filter(({ name }) =>
    known.some(({ host, look }) => host === name && look.release === null),
  );
}

/** Each is given the time that it takes: none is cut short because another has failed. */
async function sendToAll(site: Site, hosts: readonly Host[], sent: Sent): Promise<void> {
  const send = async (host: Host): Promise<readonly string[]> => {
    try {
      await copyRelease(site, host, sent);
      return [];
    } catch (error) {
      if (!(error instanceof Unreachable)) throw error;
      return [`${host.name}: ${error.message}`];
    }
  };
  const failed = (await Promise.all(hosts.map(send))).flat();
  if (failed.length === 0) return;
  throw new DeployError('needsHuman', {
    what: `${sent.id} could not be copied to ${failed.length} of ${hosts.length} hosts:`,
    details: failed,
    left: 'What serves goes on serving on every host.',
    next: `make room there, or bring the host back; then: npm run deploy -- deploy ${sent.id}`,
  });
}

function refuseOthers({ id, fingerprint }: ReleaseFacts, known: readonly Known[]): void {
  const others = known.filter(
    ({ look }) => look.release !== null && look.release.fingerprint !== fingerprint,
  );
  if (others.length === 0) return;
  throw new DeployError('usage', {
    what: `${others.map(({ host }) => host).join(' and ')}: there is other code under ${id} than here.`,
    left: 'Nothing was changed.',
    next: 'choose another id: npm run deploy -- deploy <new id>',
  });
}

function noFolder({ layout }: Site, id: string): DeployError {
  return new DeployError('usage', {
    what: `Several hosts are given a release, not the build of this machine: there is no ${layout.releasesDir}/${id}.`,
    left: 'Nothing was changed.',
    next: `npm run release makes one: put ${id}.tar.gz into ${layout.releasesDir}, or name it with --from`,
  });
}
