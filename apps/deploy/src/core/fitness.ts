import { nameOf, type Target } from './colour';
import { DeployError } from './errors';
import { isAtLeast, type Manifest } from './manifest';

/** What a release would meet on this machine. */
export type Host = Readonly<{
  /** version of the node that the tool itself runs on */
  node: string;
  /** such as linux-x64 */
  platform: string;
  /** of `service.requires`: unset or empty */
  missingVariables: readonly string[];
  /** of `service.secrets`, each with the reason */
  unreadableSecrets: readonly string[];
}>;

/** What unpacking takes, and what there is (bytes). */
export type Room = Readonly<{ needed: number; reserve: number; free: number; folder: string }>;

/** A release as it was found, before anything was changed. */
export type Candidate = Readonly<{
  id: string;
  /** null: a folder or a build that says nothing about itself */
  manifest: Manifest | null;
  /** of what is there, whatever the manifest says */
  digest: string;
  /** what is wrong with it in itself */
  problems: readonly string[];
  /** null: nothing has to be unpacked */
  room: Room | null;
}>;

const MIB = 1_048_576;

/**
 * Everything that keeps a release from being deployed on this machine.
 *
 * @param wanted digest that it must have; undefined: any
 */
export function whyUnfit(candidate: Candidate, host: Host, wanted?: string): readonly string[] {
  const { manifest, room } = candidate;
  return [
    ...whyWrong(candidate, wanted),
    ...(manifest ? machineProblems(manifest, host) : []),
    ...(room ? roomProblems(room) : []),
    ...host.missingVariables.map((name) => `the environment has no ${name} (service.requires)`),
    ...host.unreadableSecrets.map((secret) => `a secret cannot be read: ${secret} (service.secrets)`),
  ];
}

/** What keeps a release from being deployed anywhere. */
export function whyWrong(candidate: Candidate, wanted?: string): readonly string[] {
  const { id, manifest, problems } = candidate;
  return [
    ...problems,
    ...(problems.length === 0 ? digestProblems(candidate, wanted) : []),
    ...(manifest ? idProblems(id, manifest) : []),
  ];
}

/**
 * Refuses a release that is not fit for this machine; nothing has been changed by then.
 *
 * @param live what serves
 * @throws DeployError with all reasons
 */
export function refuseUnfit(id: string, reasons: readonly string[], live: Target | null): void {
  if (reasons.length === 0) return;
  throw new DeployError('unhealthy', {
    what: `Release ${id} is refused: ${reasons.join('; ')}.`,
    left: `Nothing was changed; ${live ? `${nameOf(live)} serves as before.` : 'nothing serves.'}`,
    next: `mend what is named, then: npm run deploy -- deploy ${id}`,
  });
}

/**
 * Refuses to go back in time without being told to: a newer schema may be more than older code can read.
 *
 * @param manifest of the live release; null: it says nothing about itself, so that nothing can be compared
 * @throws DeployError with the reason
 */
export function refuseOlder(
  live: Readonly<{ target: Target; manifest: Manifest | null }>,
  release: Readonly<{ id: string; manifest: Manifest | null }>,
): void {
  const { target, manifest } = live;
  if (manifest === null || release.manifest === null || target.release === release.id) return;
  const reason = whyOlder(release.manifest, manifest);
  if (reason === null) return;
  throw new DeployError('usage', {
    what: `Release ${release.id} is older than ${nameOf(target)}, which is live: ${reason}.`,
    left: `Nothing was changed; ${nameOf(target)} serves as before.`,
    next: `npm run deploy -- rollback for the release before, or: npm run deploy -- deploy ${release.id} --older`,
  });
}

function whyOlder(one: Manifest, live: Manifest): string | null {
  if (live.migrations !== null && timeOf(one.migrations?.last) < timeOf(live.migrations.last)) {
    const knows = one.migrations
      ? `it ends with the migration ${one.migrations.last}`
      : 'it has no migrations';
    return `${knows}, and the live one with ${live.migrations.last}`;
  }
  // Both are UTC with the same number of digits: their order is that of the text.
  if (one.createdAt >= live.createdAt) return null;
  return `it was made at ${one.createdAt}, and the live one at ${live.createdAt}`;
}

/** Migrations have the time of their making in their names, in ms. */
function timeOf(name = ''): number {
  return Number(/\d{13}/.exec(name)?.[0] ?? 0);
}

function digestProblems({ digest, manifest }: Candidate, wanted?: string): readonly string[] {
  if (wanted !== undefined && wanted !== digest) {
    return [`its digest is ${digest}, and ${wanted} was asked for`];
  }
  if (manifest === null || manifest.digest === digest) return [];
  return [`its digest is ${digest}, and its manifest says ${manifest.digest}: it was damaged or changed`];
}

function idProblems(id: string, manifest: Manifest): readonly string[] {
  return manifest.id === id ? [] : [`its manifest says that it is release ${manifest.id}`];
}

function machineProblems({ platform, node }: Manifest, host: Host): readonly string[] {
  if (platform !== host.platform)
    return [`it was made for ${platform}, and this machine is ${host.platform}`];
  if (node.carried !== null) return [];
  const [major] = host.node.split('.');
  if (Number(major) === node.major && isAtLeast(host.node, node.least)) return [];
  const wants = `it wants Node ${node.major} (${node.least} or newer), and here is ${host.node}`;
  return [`${wants}: install it, or make the release with --with-node`];
}

function roomProblems({ needed, reserve, free, folder }: Room): readonly string[] {
  if (needed + reserve <= free) return [];
  const [wanted, left] = [Math.ceil((needed + reserve) / MIB), Math.floor(free / MIB)];
  return [`${folder} has ${left} MiB free, and ${wanted} are needed (releases.reserveMiB included)`];
}
