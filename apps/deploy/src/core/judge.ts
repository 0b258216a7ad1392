import type { Placed } from './colour';
import type { Identity } from './facts';

/** One look at a process over its own socket. */
export type Probe =
  | Readonly<{ kind: 'answer'; status: number; identity: Identity | null; reasons: readonly string[] }>
  | Readonly<{ kind: 'silence'; reason: string }>;

export type Verdict =
  | Readonly<{ kind: 'healthy' }>
  | Readonly<{ kind: 'waiting'; inARow: number; reason: string }>
  | Readonly<{ kind: 'refused'; reason: string }>;

type Expected = Placed & Readonly<{ pid: number }>;

/**
 * Weighs the probes of a starting process. A healthy answer counts only from the very process that was started: an
 * old one that still holds a socket answers 200 just as well.
 *
 * @param inARow healthy answers in an unbroken row that make it healthy
 */
export function judgeHealth(expected: Expected, probes: readonly Probe[], inARow: number): Verdict {
  const last = probes.at(-1);
  if (!last) return { kind: 'waiting', inARow: 0, reason: 'not asked yet' };
  const imposter = last.kind === 'answer' && last.identity ? strangeness(expected, last.identity) : null;
  if (imposter) return { kind: 'refused', reason: imposter };
  const row = healthyRow(probes);
  if (row >= inARow) return { kind: 'healthy' };
  return { kind: 'waiting', inARow: row, reason: complaintOf(last) ?? `healthy ${row} of ${inARow} times` };
}

function healthyRow(probes: readonly Probe[]): number {
  const broken = probes.findLastIndex((probe) => complaintOf(probe) !== null);
  return probes.length - 1 - broken;
}

function complaintOf(probe: Probe): string | null {
  if (probe.kind === 'silence') return probe.reason;
  if (probe.status !== 200) return [`it answers ${probe.status}`, ...probe.reasons].join('; ');
  return probe.identity ? null : 'its answer does not say who it is';
}

function strangeness(expected: Expected, { release, colour, pid }: Identity): string | null {
  if (release !== expected.release) return `it says that it is release ${release}, not ${expected.release}`;
  if (colour !== expected.colour) return `it says that it is ${colour}, not ${expected.colour}`;
  if (pid !== expected.pid) return `process ${pid} answers on its socket, but ${expected.pid} was started`;
  return null;
}

/** @param releases what fresh requests through nginx were answered by, in order; null for a failed one */
export function isSwitched(releases: readonly (string | null)[], wanted: string, inARow: number): boolean {
  return releases.length >= inARow && releases.slice(-inARow).every((release) => release === wanted);
}

/**
 * Whether an old colour may be stopped: nothing was under way several times in a row. Its connections end one by
 * one, and one that nginx has opened is not counted before its request was read; therefore the least time.
 *
 * @param inFlight requests under way at each look
 * @param elapsedMs since traffic left it
 */
export function isDrained(
  inFlight: readonly number[],
  elapsedMs: number,
  { minMs, inARow }: Readonly<{ minMs: number; inARow: number }>,
): boolean {
  if (elapsedMs < minMs || inFlight.length < inARow) return false;
  return inFlight.slice(-inARow).every((count) => count === 0);
}
