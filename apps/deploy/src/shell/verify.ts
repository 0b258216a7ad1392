import { setTimeout as sleep } from 'node:timers/promises';
import { nameOf, type Target } from '../core/colour';
import { isSwitched } from '../core/judge';
import { findProcess } from './drivers/driver';
import { giveBack, itsProcessEnded } from './give-back';
import { releaseAnswering } from './probe';
import { publicEndpoint, type Site } from './site';

/** So that a switch that fails does not fill the logs. */
const BAD_ANSWER_PAUSE_MS = 20;
/** People wait as well: they are served again within 2 s. */
const ANSWER_TIMEOUT_MS = 700;
const MAX_UNANSWERED = 1;

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
  while (!isSwitched(answers, to.release, limits.inARow)) {
    const problem = await problemOf(site, to, answers, performance.now() > deadline);
    if (problem) throw await giveBack(site, { to, from }, problem);
    const ask = { host: nginx.serverName, timeoutMs: ANSWER_TIMEOUT_MS };
    const release = await releaseAnswering(publicEndpoint(site), limits.path, ask);
    answers.push(release);
    if (release !== to.release) await sleep(BAD_ANSWER_PAUSE_MS);
  }
  return `${answers.length} requests`;
}

async function problemOf(
  site: Site,
  to: Target,
  answers: readonly (string | null)[],
  isLate: boolean,
): Promise<Readonly<{ what: string; log?: string }> | null> {
  const { verify: limits } = site.settings;
  if ((await findProcess(site, to.colour)) === null) return { what: itsProcessEnded(to) };
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
