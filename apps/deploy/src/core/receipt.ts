import type { Target } from './colour';

/** One step as it went. */
export type StepRecord = Readonly<{ step: string; ms: number; note?: string }>;

/** What a command did: printed at its end, and kept in the history. */
export type Receipt = Readonly<{
  run: string;
  intent: 'deploy' | 'rollback';
  outcome: 'done' | 'nothing-to-do' | 'undone' | 'failed';
  from: Target | null;
  to: Target | null;
  /** what serves at the end; null: nothing does */
  live: Target | null;
  by: string;
  /** ISO instants */
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  steps: readonly StepRecord[];
  notes: readonly string[];
  error?: string;
}>;
