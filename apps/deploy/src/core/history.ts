import { z } from 'zod';
import { COLOURS, nameOf, type Target } from './colour';
import type { SocketCount } from './drain';
import { INTENTS, type Receipt } from './receipt';

const sockets = z.object({ drained: z.number(), left: z.number() }).optional();
const target = z.object({ colour: z.enum(COLOURS), release: z.string() }).nullable();

/** What every receipt has had since the first version; a newer one may hold more. */
export const receiptSchema = z.looseObject({
  run: z.string(),
  intent: z.enum(INTENTS),
  outcome: z.enum(['done', 'nothing-to-do', 'undone', 'failed']),
  from: target,
  to: target,
  live: target,
  digest: z.string().optional(),
  by: z.string(),
  askedBy: z.string().optional(),
  startedAt: z.string(),
  finishedAt: z.string(),
  durationMs: z.number(),
  steps: z.array(
    z.object({
      step: z.string(),
      ms: z.number(),
      note: z.string().optional(),
      migrations: z.array(z.string()).optional(),
      sockets,
      atMs: z.number().optional(),
    }),
  ),
  probe: z.object({ requests: z.number(), failed: z.number(), worstGapMs: z.number() }).optional(),
  sockets,
  notes: z.array(z.string()),
  error: z.string().optional(),
  release: z.string().optional(),
  skewMs: z.number().nullable().optional(),
  hosts: z
    .array(
      z.looseObject({
        host: z.string(),
        outcome: z.enum(['done', 'nothing-to-do', 'undone', 'failed', 'unknown']),
        live: target,
        exitCode: z.number().nullable(),
        switchedAtMs: z.number().nullable(),
        durationMs: z.number().nullable(),
        migrations: z.array(z.string()),
        probe: z.object({ requests: z.number(), failed: z.number(), worstGapMs: z.number() }).optional(),
        error: z.string().optional(),
        left: z.string().optional(),
      }),
    )
    .optional(),
});

/** What was found in the history. `damaged` counts lines that are no receipts: a torn last one, or somebody's edit. */
export type History = Readonly<{ receipts: readonly Receipt[]; damaged: number }>;

/**
 * Reads the newest receipts, oldest of them first.
 *
 * @param limit how many at most
 */
export function readHistory(lines: readonly string[], limit: number): History {
  const written = lines.filter((line) => line !== '');
  const receipts = written.map(parseReceipt).filter((receipt) => receipt !== null);
  return { receipts: receipts.slice(-limit), damaged: written.length - receipts.length };
}

/** One line a run, the newest last, where a terminal shows it. */
export function renderHistory({ receipts, damaged }: History): string {
  const note = damaged > 0 ? [`note  ${damaged} damaged line(s) left out`] : [];
  if (receipts.length === 0) return ['Nothing was deployed yet.', ...note].join('\n');
  return [...receipts.map(renderLine), ...note].join('\n');
}

function renderLine(receipt: Receipt): string {
  const { startedAt, intent, outcome, durationMs, by, askedBy, probe, sockets, error } = receipt;
  const change = changeOf(receipt);
  const seconds = `${(durationMs / 1_000).toFixed(1)} s`;
  const lost = probe && probe.failed > 0 ? `  ${probe.failed} of ${probe.requests} requests failed` : '';
  const moved = sockets ? renderSockets(sockets) : '';
  const who = askedBy === undefined ? by : `${askedBy} (as ${by})`;
  const why = error === undefined ? '' : `: ${error}`;
  const head = `${startedAt}  ${intent.padEnd(8)}  ${outcome.padEnd(13)}  ${change}  ${seconds}`;
  return `${head}${lost}${moved}  by ${who}${why}`;
}

function renderSockets({ drained, left }: SocketCount): string {
  const cut = left > 0 ? `  ${left} sockets left` : '';
  return `${drained > 0 ? `  ${drained} sockets let go` : ''}${cut}`;
}

function changeOf({ from, to, release, hosts }: Receipt): string {
  if (hosts) return `${release ?? ''} on ${hosts.map(({ host }) => host).join(', ')}`;
  return `${nameOr(from, 'nothing')} -> ${nameOr(to, 'nothing')}`;
}

function nameOr(named: Target | null, otherwise: string): string {
  return named ? nameOf(named) : otherwise;
}

function parseReceipt(line: string): Receipt | null {
  try {
    return receiptSchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
