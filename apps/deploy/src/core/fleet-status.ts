import { liveTarget } from './facts';
import { releaseOn, versionsOf, type Found } from './fleet';
import { renderStatus } from './render';

/** What all hosts serve, as they say, and what is remembered of the last run. */
export type FleetStatus = Readonly<{
  hosts: Readonly<Record<string, HostStatus>>;
  /** whether people meet more than one release */
  isMixed: boolean;
  /** of the last switch: between its first and its last host; null: not known */
  skewMs: number | null;
  /** hosts that did not come along with the others */
  behind: readonly Readonly<{ host: string; release: string; since: string }>[];
  text: string;
}>;

type HostStatus = Readonly<
  { release: string | null; colour: string | null; status: unknown } | { unreachable: string }
>;

type Memory = Pick<FleetStatus, 'skewMs' | 'behind'>;

export function fleetStatus(found: readonly Found[], { skewMs, behind: remembered }: Memory): FleetStatus {
  const hosts = Object.fromEntries(found.map((one) => [one.host, hostStatus(one)]));
  const behind = remembered.filter(({ host, release }) => !serves(found, host, release));
  const isMixed = versionsOf(found).length > 1;
  return { hosts, isMixed, skewMs, behind, text: render(found, { skewMs, behind }) };
}

function hostStatus(one: Found): HostStatus {
  if (!('look' in one)) return { unreachable: one.unreachable };
  const live = liveTarget(one.look.status.facts);
  return { release: live?.release ?? null, colour: live?.colour ?? null, status: one.look.status };
}

function serves(found: readonly Found[], host: string, release: string): boolean {
  return found.some((one) => one.host === host && 'look' in one && releaseOn(one.look) === release);
}

function render(found: readonly Found[], { skewMs, behind }: Memory): string {
  const versions = versionsOf(found).map(
    ({ release, hosts }) => `${release ?? 'nothing'} on ${hosts.join(', ')}`,
  );
  const silent = found.flatMap((one) => ('look' in one ? [] : [one]));
  const skew =
    skewMs === null ? [] : [`skew      ${skewMs} ms between the first and the last host of the last switch`];
  return [
    ...(versions.length > 1
      ? [`mixed versions: ${versions.join('; ')}`]
      : versions.map((one) => `live      ${one}`)),
    ...silent.map(({ host, unreachable }) => `silent    ${host} cannot be asked: ${unreachable}`),
    ...behind.map(
      ({ host, release, since }) =>
        `behind    ${host} should serve ${release} since ${since}: npm run deploy -- deploy ${release}`,
    ),
    ...skew,
    ...found.flatMap((one) =>
      'look' in one ? ['', one.host, ...indented(renderStatus(one.look.status))] : [],
    ),
  ].join('\n');
}

function indented(text: string): readonly string[] {
  return text.split('\n').map((line) => `  ${line}`);
}
