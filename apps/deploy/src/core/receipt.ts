import type { Target } from './colour';
import type { SocketCount } from './drain';
import type { ProbeCount } from './probe-count';

/** What a run was begun for. */
export const INTENTS = ['deploy', 'rollback', 'switch', 'preview', 'contract'] as const;

export type Intent = (typeof INTENTS)[number];

/** One step as it went. A step that failed says so in its note. */
export type StepRecord = Readonly<{
  step: string;
  ms: number;
  note?: string;
  /** names of the migrations that it ran; absent where it ran none or its runner does not name them */
  migrations?: readonly string[];
  /** of a drain; absent where the service does not know how to let its websockets go */
  sockets?: SocketCount;
  /** when the traffic was moved, in ms since the epoch; of a switch alone */
  atMs?: number;
}>;

/** What a command did: printed at its end, and kept in the history. What may be absent is, in those of older tools. */
export type Receipt = Readonly<{
  run: string;
  intent: Intent;
  outcome: 'done' | 'nothing-to-do' | 'undone' | 'failed';
  from: Target | null;
  to: Target | null;
  /** what serves at the end; null: nothing does */
  live: Target | null;
  /** digest of the release's code */
  digest?: string;
  /** the account that ran it */
  by: string;
  /** the person behind that account, where the environment tells */
  askedBy?: string;
  /** ISO instants */
  startedAt: string;
  finishedAt: string;
  durationMs: number;
  steps: readonly StepRecord[];
  /** absent: no release served before, or the settings ask for none */
  probe?: ProbeCount;
  /** of all drains together; absent where no colour was drained that knows how to let its websockets go */
  sockets?: SocketCount;
  notes: readonly string[];
  error?: string;
  /** of a run over several hosts, which may use other colours: the release, and how it went on each */
  release?: string;
  hosts?: readonly HostRun[];
  /** between the first and the last switch, in ms; null: fewer than two hosts switched */
  skewMs?: number | null;
}>;

/** A run on one of several hosts. */
export type HostRun = Readonly<{
  host: string;
  /** unknown: it cannot be reached */
  outcome: Receipt['outcome'] | 'unknown';
  live: Target | null;
  /** what its own command ended with; null: unknown */
  exitCode: number | null;
  /** in ms since the epoch, by the clock of the coordinating machine; null: it did not switch */
  switchedAtMs: number | null;
  durationMs: number | null;
  migrations: readonly string[];
  probe?: ProbeCount;
  error?: string;
  /** the state that its own command says it left; absent where it has not said so */
  left?: string;
}>;

/** @returns what became of the websockets in all steps together; undefined where none tells */
export function socketsOf(steps: readonly StepRecord[]): SocketCount | undefined {
  const counts = steps.flatMap(({ sockets }) => sockets ?? []);
  if (counts.length === 0) return undefined;
  const sum = (key: keyof SocketCount) => counts.reduce((total, count) => total + count[key], 0);
  return { drained: sum('drained'), left: sum('left') };
}
