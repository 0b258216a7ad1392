import { nameOf, type Target } from './colour';
import { DeployError } from './errors';
import type { Unfinished } from './journal';
import type { LivePlan } from './plan';
import type { ProbeCount } from './probe-count';
import type { Receipt } from './receipt';

/** How a run ended; `error` is what its command tells. */
export type Ending = Pick<Receipt, 'outcome' | 'live'> &
  Readonly<{ cause?: string; error?: DeployError; probe?: ProbeCount }>;

/** How a run that failed was brought to its end, and what serves now. */
export type Settled = Readonly<{
  direction: 'forward' | 'back';
  live: Target | null;
  why: string;
  unfinished: Unfinished;
}>;

/**
 * What became of a run in which a step failed: the way that it was settled in decides, not that it failed.
 *
 * @param settled null: there was nothing to settle
 * @param log what a person reads to see what the new release has written
 */
export function endingOf(
  { intent, from }: Pick<LivePlan, 'intent' | 'from'>,
  error: DeployError,
  settled: Settled | null,
  log: string,
): Ending {
  const live = settled?.live ?? null;
  const cause = error.message;
  if (intent === 'contract') return { outcome: 'failed', live, cause, error };
  const isForward = live !== null && settled?.direction === 'forward';
  if (isForward && settled.unfinished.verified) {
    const left = `${nameOf(live)} is live: what was begun is finished all the same.`;
    return { outcome: 'done', live, cause, error: error.with({ left, next: nextAfter(error) }) };
  }
  // 4 says that what served before serves. Where it cannot, somebody has to look.
  const isKept = live !== null && !isForward;
  const isLost = error.kind === 'unhealthy' && from !== null && !isKept;
  const how = isKept ? ' as before' : ', since nothing else does';
  const left = live ? `${nameOf(live)} serves${how}.` : 'Nothing serves.';
  const next = `read ${log}, then deploy a corrected release; npm run deploy -- status shows all`;
  const told = error.with({ left, next: nextAfter(error, next) }, isLost ? 'needsHuman' : error.kind);
  return { outcome: isForward ? 'failed' : 'undone', live, cause, error: told };
}

/** The same end, of which nobody hears anything: the release may live, and people are not served. */
export function unheard(ending: Ending, live: Target, silence: DeployError): Ending {
  const { error, cause } = ending;
  const { details, next } = silence.trouble;
  const what = error ? `${error.message} Then: ${silence.message}` : silence.message;
  const left = `${nameOf(live)} is live, and people do not get to it.`;
  return {
    ...ending,
    outcome: 'failed',
    cause: cause === undefined ? silence.message : `${cause} ${silence.message}`,
    error: new DeployError('needsHuman', { what, details, left, next }),
  };
}

function nextAfter({ trouble }: DeployError, otherwise = 'npm run deploy -- status'): string {
  return trouble.next ?? otherwise;
}
