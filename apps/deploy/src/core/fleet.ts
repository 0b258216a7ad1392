import { liveTarget, type Facts } from './facts';
import { EXIT, type ExitCode } from './errors';
import type { Status } from './render';
import type { Settings } from './settings';

/** What a host says of itself before anything is done. */
export type HostLook = Readonly<{
  status: Status;
  /** the release that was asked for, where the host has it */
  release: Readonly<{ fingerprint: string }> | null;
  /** what it works at for a coordinating machine, and for how long that has been silent */
  job: Readonly<{ id: string; silentMs: number }> | null;
}>;

/** A host as it was found; one that cannot be reached has a reason instead. */
export type Found = Readonly<{ host: string } & ({ look: HostLook } | { unreachable: string })>;

/** How far a host has come, as the coordinating machine knows. */
export type Progress =
  | Readonly<{ kind: 'working' }>
  /** prepared; or through its watch */
  | Readonly<{ kind: 'waits'; gate: 'go' | 'keep' }>
  | Readonly<{ kind: 'ended'; exitCode: number; output: unknown }>
  /** nothing is known of it any more */
  | Readonly<{ kind: 'lost'; why: string }>;

export type Standing = Readonly<{ host: string; progress: Progress }>;

/** Whether anything is still to be heard before the next word can be said. */
export function isSettled(gate: 'go' | 'keep', { progress }: Standing): boolean {
  if (progress.kind === 'working') return false;
  return progress.kind !== 'waits' || progress.gate === gate;
}

/**
 * All or none: the hosts switch when each of them is prepared, or has the release already. One that failed or cannot be
 * reached keeps all the others from it.
 */
export function mayGo(standings: readonly Standing[]): boolean {
  return standings.every(({ progress }) => progress.kind === 'waits' || isDone(progress));
}

/**
 * After the switch: the hosts keep the release unless one of them was found wanting. One that cannot be reached was told
 * to switch: it does, or undoes by itself, and the next deploy brings it in line; the others do not wait for it.
 */
export function mayKeep(standings: readonly Standing[]): boolean {
  const failed = standings.filter(({ progress }) => progress.kind === 'ended' && !isDone(progress));
  return failed.length === 0 && standings.some(({ progress }) => progress.kind !== 'lost');
}

function isDone(progress: Progress): boolean {
  return progress.kind === 'ended' && progress.exitCode === EXIT.done;
}

/** What a command over several hosts exits with. */
export function exitCodeOf(standings: readonly Standing[]): ExitCode {
  const codes = standings.map(({ progress }) =>
    progress.kind === 'ended' ? progress.exitCode : EXIT.needsHuman,
  );
  if (codes.every((code) => code === EXIT.done)) return EXIT.done;
  const order = [EXIT.bug, EXIT.needsHuman, EXIT.locked, EXIT.usage, EXIT.unhealthy];
  return order.find((code) => codes.includes(code)) ?? EXIT.bug;
}

/** @returns the release that serves on a host; null: nothing does */
export function releaseOn({ status }: HostLook): string | null {
  return liveTarget(status.facts)?.release ?? null;
}

/** @returns the release that a rollback of this host alone would go to */
function previousOn({ status }: HostLook): string | null {
  return (status.facts as Facts).state?.previous?.release ?? null;
}

/**
 * The one release that all hosts go back to. Where they serve different ones, it is the one that some serve already and
 * that served before on all the others.
 *
 * @param to only this one will do: it serves, or served before, on each
 * @returns null where there is no such release
 */
export function rollbackTarget(looks: readonly HostLook[], to?: string): string | null {
  const lives = new Set(looks.map(releaseOn));
  const [first] = looks;
  if (!first) return null;
  if (to !== undefined)
    return looks.every((look) => [releaseOn(look), previousOn(look)].includes(to)) ? to : null;
  const candidates = lives.size === 1 ? [previousOn(first)] : [...lives];
  const fits = candidates.filter(
    (one) =>
      one !== null &&
      looks.every((look) => previousOn(look) === one || (lives.size > 1 && releaseOn(look) === one)),
  );
  return fits.length === 1 ? (fits[0] ?? null) : null;
}

/**
 * The image of a release: it is not sent, but loaded or pulled by each host beforehand.
 *
 * @returns its digest, or what keeps the hosts from having one image under that id
 */
export function commonImage(
  known: readonly Readonly<{ host: string; look: HostLook }>[],
): Readonly<{ digest: string } | { problem: string }> {
  const lacking = known.flatMap(({ host, look }) => (look.release === null ? [host] : []));
  if (lacking.length > 0)
    return { problem: `${lacking.join(' and ')} lack${lacking.length > 1 ? '' : 's'} the image` };
  const digests = [...new Set(known.flatMap(({ look }) => look.release?.fingerprint ?? []))];
  const [digest = ''] = digests;
  if (digests.length === 1) return { digest };
  const each = known.map(({ host, look }) => `${host} has ${look.release?.fingerprint.slice(0, 12)}`);
  return { problem: `it is another image on each of them: ${each.join(', ')}` };
}

/** @returns each release with the hosts that serve it, the most frequent first */
export function versionsOf(
  found: readonly Found[],
): readonly Readonly<{ release: string | null; hosts: readonly string[] }>[] {
  const known = found.flatMap((one) =>
    'look' in one ? [{ host: one.host, release: releaseOn(one.look) }] : [],
  );
  const releases = [...new Set(known.map(({ release }) => release))];
  return releases
    .map((release) => ({
      release,
      hosts: known.filter((one) => one.release === release).map(({ host }) => host),
    }))
    .sort((a, b) => b.hosts.length - a.hosts.length);
}

/** @returns what keeps the hosts from being said to run one release and nothing else; null when they do */
export function whyNotOne(known: readonly Readonly<{ host: string; look: HostLook }>[]): string | null {
  const [wanted] = known.map(({ look }) => releaseOn(look));
  if (!wanted) return 'nothing serves';
  for (const { host, look } of known) {
    const live = releaseOn(look);
    if (live !== wanted) return `${host} serves ${live ?? 'nothing'}, others ${wanted}`;
    const colours = Object.entries(look.status.facts.colours);
    const other = colours.find(([, { process }]) => process !== null && process.release !== wanted);
    if (other) return `${other[1].process?.release ?? ''} still runs on ${other[0]} of ${host}`;
    const standby: string = look.status.facts.standby?.release ?? wanted;
    if (standby !== wanted) return `${standby} still runs on the standby of ${host}`;
  }
  return null;
}

/** @returns the host that may be rolled back for the longest time yet, where something is to be taken away; null: none */
export function openWindow(
  known: readonly Readonly<{ host: string; look: HostLook }>[],
): Readonly<{ host: string; closesAt: string }> | null {
  if (known.every(({ look }) => look.status.contractPending.length === 0)) return null;
  const open = known.flatMap(({ host, look: { status } }) =>
    status.window.isOpen ? [{ host, closesAt: status.window.closesAt }] : [],
  );
  return open.sort((a, b) => b.closesAt.localeCompare(a.closesAt))[0] ?? null;
}

/** What a busy machine needs beside all limits: programs are started there, and files synced. */
const MARGIN_MS = 60_000;

/**
 * Until a host that is told how to end, or is told nothing any more, has ended. Migrations and commands of the operator
 * have no such limit: whoever waits longer waits for one of them.
 */
export function longestEndMs({
  ssh,
  health,
  watch,
  drain,
  stop,
}: Pick<Settings, 'ssh' | 'health' | 'watch' | 'drain' | 'stop'>): number {
  const preparing = health.timeoutMs + ssh.goTimeoutMs;
  const watching = watch.forMs + ssh.goTimeoutMs;
  const leaving = drain.minMs + drain.timeoutMs + drain.socketsTimeoutMs + stop.timeoutMs;
  return preparing + watching + leaving + MARGIN_MS;
}

/** A reading of a host's clock, between the moment at which it was asked for and the one at which the answer came. */
export type ClockReading = Readonly<{ sent: number; now: number; received: number }>;

/** How far a host's clock is ahead of ours, in ms, by the reading that took the shortest time. */
export function clockOffsetMs(readings: readonly ClockReading[]): number {
  const [best] = [...readings].sort((a, b) => a.received - a.sent - (b.received - b.sent));
  return best ? best.now - (best.sent + best.received) / 2 : 0;
}

/** Between the first and the last host of a switch, in ms by our clock; null where fewer than two switched. */
export function skewMs(switchedAt: readonly (number | null)[]): number | null {
  const known = switchedAt.filter((at) => at !== null);
  return known.length < 2 ? null : Math.round(Math.max(...known) - Math.min(...known));
}
