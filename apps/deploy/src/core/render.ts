import { describe } from './action';
import { isBelow, whatIsGone } from './floor';
import { COLOURS, nameOf } from './colour';
import type { SocketCount } from './drain';
import type { DeployError } from './errors';
import { renderFleetReceipt } from './fleet-receipt';
import { describeMaintenance, type Maintenance } from './maintenance';
import { driftOf, liveTarget, previousOf, type Facts } from './facts';
import type { Unfinished } from './journal';
import type { Plan } from './plan';
import type { ProbeCount } from './probe-count';
import type { Receipt } from './receipt';
import type { Recovery } from './recovery';
import { describeStandby } from './standby';

/** A plan as a numbered checklist. */
export function renderPlan({ from, to, actions, notes }: Plan): string {
  const change = `${from ? nameOf(from) : 'nothing'} -> ${to ? nameOf(to) : 'nothing'}`;
  const steps = actions.map((action, index) => `${String(index + 1).padStart(3)}. ${describe(action)}`);
  return [change, ...steps, ...notes].join('\n');
}

/** Everything that `status` knows. */
export type Status = Readonly<{
  facts: Facts;
  unfinished: Unfinished | null;
  recovery: Recovery | null;
  lockedBy: string | null;
  /** where people find the site */
  url: string;
  /** since when, and by whom, the site is closed to people; null: it is open */
  maintenance: Maintenance | null;
  /** contract migrations of the live release that nobody has run */
  contractPending: readonly string[];
  /** until when they wait for `rollback` */
  window: Readonly<{ isOpen: boolean; closesAt: string }>;
  notes: readonly string[];
}>;

/** What serves, what is wrong, and what the next command would do. */
export function renderStatus(status: Status): string {
  const { facts, unfinished, recovery, lockedBy, url, maintenance, notes } = status;
  const live = liveTarget(facts);
  return [
    live ? `live      ${nameOf(live)} on ${url}` : 'live      nothing serves',
    ...COLOURS.map((colour) => `${colour.padEnd(9)} ${colourLine(facts, colour)}`),
    `nginx     ${nginxLine(facts)}`,
    `rollback  ${rollbackLine(facts)}`,
    ...contractLines(status),
    ...(facts.preview
      ? [
          `preview   ${facts.preview.colour}, by token${facts.preview.percent > 0 ? ` and for ${facts.preview.percent} % of people` : ''}: npm run deploy -- preview`,
        ]
      : []),
    ...(facts.standby ? [`standby   ${describeStandby(facts.standby)}`] : []),
    ...(maintenance ? [`closed    for maintenance ${describeMaintenance(maintenance)}`] : []),
    ...(lockedBy ? [`busy      ${lockedBy}`] : []),
    ...(unfinished && !lockedBy ? [unfinishedLine(unfinished, recovery)] : []),
    ...notes.map((line) => `note      ${line}`),
    ...driftOf(facts).map((line) => `drift     ${line}`),
  ].join('\n');
}

function colourLine({ colours }: Facts, colour: (typeof COLOURS)[number]): string {
  const { process, answers } = colours[colour];
  if (!process) return 'not running';
  const health = answers ? `answers since ${answers.startedAt}` : 'does not answer';
  return `${process.release}, process ${process.pid}, ${health}`;
}

function rollbackLine(facts: Facts): string {
  const id = previousOf(facts)?.release;
  const floor = facts.state?.floor ?? null;
  if (id === undefined) return 'there is no earlier release';
  if (isBelow(floor, { id })) return `${id} cannot run any more: ${whatIsGone(floor)}`;
  return `to ${id}: npm run deploy -- rollback`;
}

function contractLines({ contractPending, window }: Status): readonly string[] {
  if (contractPending.length === 0) return [];
  const when = window.isOpen ? `the way back is open until ${window.closesAt}` : 'npm run deploy -- contract';
  return [`contract  pending: ${contractPending.join(', ')}; ${when}`];
}

function nginxLine({ nginx }: Facts): string {
  if (!nginx.managed) return nginx.answers ? 'not ours; answers' : 'not ours; does not answer';
  if (nginx.hangs)
    return 'hangs: it is there and does not answer; the next deploy ends it and starts it again';
  if (!nginx.running) return 'not running; the next deploy starts it';
  return nginx.current ? 'running' : 'running with another configuration; the next deploy renews it';
}

function unfinishedLine({ to, lastStep }: Unfinished, recovery: Recovery | null): string {
  const how = recovery?.direction === 'forward' ? 'finishes it' : 'undoes it';
  const why = recovery ? ` (${recovery.why})` : '';
  return `unfinished  ${nameOf(to)}, ended in ${lastStep ?? 'its beginning'}; the next deploy ${how}${why}`;
}

/** What, what state it was left in, what comes next, and the lines that show why. */
export function renderError({ trouble }: DeployError): string {
  const { what, left, next, details = [] } = trouble;
  return [
    what,
    ...details.map((line) => `  | ${line}`),
    ...(left ? [`State: ${left}`] : []),
    ...(next ? [`Next:  ${next}`] : []),
  ].join('\n');
}

const DONE = {
  deploy: 'Deployed',
  rollback: 'Rolled back',
  switch: 'Switched',
  preview: 'Waiting',
  contract: 'Contracted',
} as const;

/** The end of a command in a few lines. */
export function renderReceipt(receipt: Receipt): string {
  if (receipt.hosts) return renderFleetReceipt(receipt);
  const { outcome, intent, live, to, durationMs, probe, sockets, notes } = receipt;
  const seconds = (durationMs / 1_000).toFixed(1);
  const head =
    outcome === 'done'
      ? `${DONE[intent]}: ${intent === 'preview' && to ? `${nameOf(to)} beside ` : ''}${live ? nameOf(live) : 'nothing'} is live (${seconds} s)`
      : `${intent} ${outcome}: ${to ? nameOf(to) : ''}; ${live ? `${nameOf(live)} serves` : 'nothing serves'}`;
  const probed = probe ? [renderProbe(probe)] : [];
  const moved = sockets && sockets.drained + sockets.left > 0 ? [renderSockets(sockets)] : [];
  return [...(outcome === 'nothing-to-do' ? [] : [head]), ...probed, ...moved, ...notes].join('\n');
}

/** What people met meanwhile, as far as the prober stands for them. */
export function renderProbe({ requests, failed, worstGapMs }: ProbeCount): string {
  return `Meanwhile:   ${requests} requests through nginx, ${failed} failed, worst gap ${worstGapMs} ms`;
}

/** What became of the websockets that the old colour had. */
function renderSockets({ drained, left }: SocketCount): string {
  return `Websockets:  ${drained} let go one after another, ${left} left when it was stopped`;
}
