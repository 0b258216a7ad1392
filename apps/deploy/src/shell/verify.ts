import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Target } from '../core/colour';
import { isSwitched } from '../core/judge';
import { giveBack, itsProcessEnded } from './give-back';
import { lifeOf } from './life';
import { releaseAnswering } from './probe';
import { publicEndpoint, type Site } from './site';

/** So that a switch that fails does not fill the logs. */
const BAD_ANSWER_PAUSE_MS = 20;
/** People wait as well: they are served again within 2 s. */
const ANSWER_TIMEOUT_MS = 700;
const MAX_UNANSWERED = 1;

type Problem = Readonly<{ what: string; log?: string }>;

type Change = Readonly<{ to: Target; from: Target | null }>;

/**
 * Asks through nginx, afresh each time, until only the new release answers.
 *
 * @returns how often it asked, for the receipt
 * @throws DeployError when that does not happen in time; traffic is back on the old release then, if that one lives
 */
export async function verify(site: Site, { to, from }: Change): Promise<string> {
  const { verify: limits, nginx } = site.settings;
  const answers: (string | null)[] = [];
  const deadline = performance.now() + limits.timeoutMs;
  const life = await lifeOf(site, to);
  while (!isSwitched(answers, to.release, limits.inARow)) {
    const problem = (await life())
      ? problemOf(site, to, answers, performance.now() > deadline)
      : { what: itsProcessEnded(to) };
    if (problem) throw await giveBack(site, { to, from }, problem);
    const ask = { host: nginx.serverName, timeoutMs: ANSWER_TIMEOUT_MS };
    const release = await releaseAnswering(publicEndpoint(site), limits.path, ask);
    answers.push(release);
    if (release !== to.release) await sleep(BAD_ANSWER_PAUSE_MS);
  }
  return `${answers.length} requests`;
}

function problemOf(
  site: Site,
  to: Target,
  answers: readonly (string | null)[],
  isLate: boolean,
): Problem | null {
  const { verify: limits } = site.settings;
  const isSilent = answers.filter((release) => release === null).length > MAX_UNANSWERED;
  if (!isLate && !isSilent) return null;
  const heard = [...new Set(answers.slice(-limits.inARow))]
    .map((release) => release ?? 'nobody')
    .join(' and ');
  return {
    what: `Through nginx ${heard} answers on ${limits.path}, not ${nameOf(to)} alone.`,
    log: site.layout.errorLog,
  };
}
