import type { Target } from './colour';
import type { Receipt, StepRecord } from './receipt';

/** What Prometheus is told, through the textfile collector of its node exporter. */
type Metrics = Readonly<{
  /** every receipt that was kept, oldest first */
  receipts: readonly Receipt[];
  /** how long somebody has held the lock, in seconds; 0: nobody does */
  lockAgeS: number;
  /** requests under way and open websockets on a colour that is being drained */
  draining: number;
}>;

type Sample = Readonly<{ labels?: Readonly<Record<string, string>>; value: number }>;

/** The text of the file. Labels are release ids, colours and our own words: none needs escaping. */
export function renderMetrics({ receipts, lockAgeS, draining }: Metrics): string {
  const last = receipts.at(-1);
  const lost = receipts.reduce((sum, { probe }) => sum + (probe?.failed ?? 0), 0);
  return [
    ...family('deploy_last_result', 'gauge', 'How the last run ended.', resultOf(last)),
    ...family('deploy_phase_seconds', 'gauge', 'Each step of the last run.', phasesOf(last?.steps ?? [])),
    ...family('deploy_live_colour_info', 'gauge', 'What serves.', liveOf(last?.live ?? null)),
    ...family('deploy_lock_age_seconds', 'gauge', 'Since when a run holds the lock; 0: none does.', [
      { value: lockAgeS },
    ]),
    ...family(
      'deploy_drain_remaining_connections',
      'gauge',
      'Requests and websockets on a colour that is drained.',
      [{ value: draining }],
    ),
    ...family('deploy_switch_failed_requests_total', 'counter', 'Failed requests of the prober, ever.', [
      { value: lost },
    ]),
    '',
  ].join('\n');
}

function resultOf(last: Receipt | undefined): readonly Sample[] {
  if (!last) return [];
  const { intent, outcome, to } = last;
  return [{ labels: { intent, release: to?.release ?? '', outcome }, value: 1 }];
}

/** A step that came twice, as when an idle colour was cleared away first, counts once with both times. */
function phasesOf(steps: readonly StepRecord[]): readonly Sample[] {
  const totals = new Map<string, number>();
  for (const { step, ms } of steps) totals.set(step, (totals.get(step) ?? 0) + ms);
  return [...totals].map(([phase, ms]) => ({ labels: { phase }, value: ms / 1_000 }));
}

function liveOf(live: Target | null): readonly Sample[] {
  return live ? [{ labels: { colour: live.colour, release: live.release }, value: 1 }] : [];
}

function family(
  name: string,
  type: 'gauge' | 'counter',
  help: string,
  samples: readonly Sample[],
): readonly string[] {
  if (samples.length === 0) return [];
  const lines = samples.map(
    ({ labels = {}, value }) => `${name}${renderLabels(labels)} ${renderValue(value)}`,
  );
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function renderLabels(labels: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return pairs.length > 0 ? `{${pairs.join(',')}}` : '';
}

/** A process too busy to say how much is under way has an unknown, large number of requests. */
function renderValue(value: number): string {
  return value === Infinity ? '+Inf' : String(value);
}
