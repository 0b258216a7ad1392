import { z } from 'zod';
import { clockOffsetMs, type ClockReading, type Standing } from './fleet';
import { receiptSchema } from './history';
import type { ProbeCount } from './probe-count';
import type { HostRun, Receipt } from './receipt';

/** What a command with `--json` prints. */
const outputSchema = z.union([
  z.object({ ok: z.literal(true), result: receiptSchema }),
  z.object({ ok: z.literal(false), error: z.looseObject({ what: z.string(), left: z.string().optional() }) }),
]);

/** How a run went on a host, from what its own command said at the end. */
export function hostRunOf({ host, progress }: Standing, clock: readonly ClockReading[]): HostRun {
  const nothing = { live: null, switchedAtMs: null, durationMs: null, migrations: [] };
  if (progress.kind !== 'ended') {
    const error = progress.kind === 'lost' ? progress.why : 'it was not heard of to the end';
    return { host, outcome: 'unknown', exitCode: null, error, ...nothing };
  }
  const { exitCode, output } = progress;
  const told = outputSchema.safeParse(output).data;
  if (!told)
    return { host, outcome: 'failed', exitCode, error: 'its process ended without a word', ...nothing };
  if (!told.ok) {
    const outcome = exitCode === 4 ? 'undone' : 'failed';
    const { what: error, left } = told.error;
    return { host, outcome, exitCode, error, ...(left === undefined ? {} : { left }), ...nothing };
  }
  const { outcome, live, steps, durationMs, probe } = told.result;
  const switchedAtMs = switchInstant(steps, clock);
  const migrations = steps.flatMap((step) => step.migrations ?? []);
  return { host, outcome, exitCode, live, switchedAtMs, durationMs, migrations, ...(probe ? { probe } : {}) };
}

/** By our clock: those of the hosts may differ by more than what is measured. */
function switchInstant(steps: Receipt['steps'], clock: readonly ClockReading[]): number | null {
  const atMs = steps.findLast(({ step }) => step === 'switch')?.atMs;
  return atMs === undefined ? null : Math.round(atMs - clockOffsetMs(clock));
}

/** What people met on all hosts together; undefined where no host asked. */
export function probeOf(hosts: readonly HostRun[]): ProbeCount | undefined {
  const counts = hosts.flatMap(({ probe }) => probe ?? []);
  if (counts.length === 0) return undefined;
  const sum = (key: 'requests' | 'failed') => counts.reduce((total, count) => total + count[key], 0);
  const worstGapMs = Math.max(...counts.map((count) => count.worstGapMs));
  return { requests: sum('requests'), failed: sum('failed'), worstGapMs };
}

/** Everybody has it, nobody has, or neither can be said. */
export function outcomeOf(hosts: readonly HostRun[]): Receipt['outcome'] {
  const outcomes = hosts.map(({ outcome }) => outcome);
  if (outcomes.every((one) => one === 'nothing-to-do')) return 'nothing-to-do';
  if (outcomes.every((one) => one === 'done' || one === 'nothing-to-do')) return 'done';
  return outcomes.every((one) => one === 'undone' || one === 'nothing-to-do') ? 'undone' : 'failed';
}

/** The end of a run over several hosts, in a few lines. */
export function renderFleetReceipt(receipt: Receipt): string {
  const { outcome, intent, release = '', hosts = [], durationMs, skewMs, notes } = receipt;
  const seconds = (durationMs / 1_000).toFixed(1);
  const skew =
    typeof skewMs === 'number' ? [`Skew:        ${skewMs} ms between the first and the last switch`] : [];
  return [
    `${intent} ${release} on ${hosts.length} hosts: ${outcome} (${seconds} s)`,
    ...hosts.map(renderHost),
    ...skew,
    ...notes,
  ].join('\n');
}

function renderHost({ host, outcome, live, probe, error }: HostRun): string {
  const serves = live ? `${live.colour} (${live.release})` : '';
  const asked = probe ? `  ${probe.failed} of ${probe.requests} requests failed` : '';
  return `  ${host.padEnd(12)} ${outcome.padEnd(13)} ${serves}${asked}${error === undefined ? '' : error}`;
}
