import { EXIT, type Trouble } from './errors';
import type { HostRun, Receipt } from './receipt';

type Run = Readonly<{ intent: Receipt['intent']; release: string; hosts: readonly HostRun[] }>;

/** Codes of commands that may have ended anywhere, the moment after their switch included. */
const ANYWHERE: readonly (number | null)[] = [EXIT.bug, EXIT.needsHuman];

const named = (hosts: readonly HostRun[]): string => hosts.map(({ host }) => host).join(', ');

/** What serves where after a run over several hosts that did not succeed on all of them, and what to do then. */
export function howLeft({ intent, release, hosts }: Run): Required<Pick<Trouble, 'left' | 'next'>> {
  const done = hosts.filter(({ outcome }) => outcome === 'done' || outcome === 'nothing-to-do');
  const silent = hosts.filter(({ outcome }) => outcome === 'unknown');
  const unclear = hosts.filter(
    ({ outcome, exitCode }) => outcome === 'failed' && ANYWHERE.includes(exitCode),
  );
  const broken = unclear.filter(({ left }) => left === undefined);
  const unsure = [
    ...(silent.length > 0 ? [`${named(silent)} cannot be reached`] : []),
    ...(broken.length > 0 ? [`${named(broken)} did not come to an end that says what serves there`] : []),
    ...unclear.flatMap(({ host, left }) =>
      left === undefined ? [] : [`${host}: ${left.replace(/\.$/, '')}`],
    ),
  ];
  const others = unsure.length > 0 ? 'no other host' : 'no host';
  const known =
    done.length > 0
      ? `${named(done)} ${done.length > 1 ? 'serve' : 'serves'} ${release}`
      : `${others} was left with it${unsure.length > 0 ? '' : ': what served before serves'}`;
  return { left: `${[known, ...unsure].join('; ')}.`, next: nextOf({ intent, release }, { done, broken }) };
}

function nextOf(
  { intent, release }: Omit<Run, 'hosts'>,
  { done, broken }: Readonly<Record<'done' | 'broken', readonly HostRun[]>>,
): string {
  const [first] = broken;
  if (first) return `npm run deploy -- settle --host ${first.host}; then status shows what serves`;
  if (done.length > 0)
    return `npm run deploy -- ${intent === 'deploy' ? `deploy ${release}` : 'status'}, when the others are back`;
  return 'npm run deploy -- logs --host <name>, then deploy a corrected release';
}
