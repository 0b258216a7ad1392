import { z } from 'zod';
import { COLOURS, type Target } from './colour';
import { INTENTS, type Intent } from './receipt';

const target = z.object({ colour: z.enum(COLOURS), release: z.string() });

/**
 * A line of the journal. `refused`: the release was found wanting, so that it is not gone on with whatever was proven
 * before. `before` and `after` stand around each step, on disk before the next thing happens, so that
 * whoever comes later knows how far a dead deployer got.
 */
const entrySchema = z.discriminatedUnion('phase', [
  z.object({
    phase: z.literal('begin'),
    run: z.string(),
    intent: z.enum(INTENTS),
    from: target.nullable(),
    to: target,
  }),
  z.object({ phase: z.literal('before'), run: z.string(), step: z.string() }),
  z.object({ phase: z.literal('after'), run: z.string(), step: z.string() }),
  z.object({ phase: z.literal('refused'), run: z.string() }),
  z.object({ phase: z.literal('end'), run: z.string(), outcome: z.string() }),
]);

export type JournalEntry = Readonly<z.output<typeof entrySchema>>;

/** A run that nobody finished. */
export type Unfinished = Readonly<{
  run: string;
  intent: Intent;
  from: Target | null;
  to: Target;
  /** the last step that was begun */
  lastStep: string | null;
  /** all fresh requests through nginx had been answered by the new release, and nothing was found wrong later */
  verified: boolean;
}>;

/** Reads the journal's lines. A torn last line was never acknowledged to anybody: it counts as not written. */
export function parseJournal(lines: readonly string[]): readonly JournalEntry[] {
  return lines.map(parseLine).filter((entry) => entry !== null);
}

function parseLine(line: string): JournalEntry | null {
  try {
    return entrySchema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}

/** @returns the last run, when it has no end; null when the last one came to its end or there is none */
export function unfinishedRun(entries: readonly JournalEntry[]): Unfinished | null {
  const begin = entries.findLast((entry) => entry.phase === 'begin');
  if (begin?.phase !== 'begin') return null;
  const own = entries.filter((entry) => entry.run === begin.run);
  if (own.some((entry) => entry.phase === 'end')) return null;
  const begun = own.flatMap((entry) => (entry.phase === 'before' ? [entry.step] : []));
  const done = own.flatMap((entry) => (entry.phase === 'after' ? [entry.step] : []));
  const { run, intent, from, to } = begin;
  const isRefused = own.some((entry) => entry.phase === 'refused');
  const verified = done.includes('verify') && !isRefused;
  return { run, intent, from, to, lastStep: begun.at(-1) ?? null, verified };
}
