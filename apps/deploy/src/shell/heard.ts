import { unheard, type Ending } from '../core/ending';
import { DeployError } from '../core/errors';
import { asDeployError } from './full-disk';
import { loadedGeneration } from './nginx-program';
import { releaseAnswering } from './probe';
import { runActions, type Run } from './run-plan';
import { publicEndpoint, type Site } from './site';
import { isSoon } from './soon';

/** A supervisor has nginx back in less. */
const PATIENCE_MS = 3_000;
/** Nobody else has it back; but one missing answer, in the middle of somebody's reload, is no death. */
const UNSUPERVISED_MS = 500;
const PAUSE_MS = 50;

/**
 * Asks through nginx whether people are served. Since the verification nothing has: what is watched, recorded and let go
 * does not need nginx, which may have died meanwhile. One of our own that does not run is started.
 *
 * @returns the ending, or that nobody hears of it
 */
export async function asHeard(run: Run, ending: Ending): Promise<Ending> {
  const { live, error } = ending;
  if (live === null) return ending;
  const silence = await whySilent(run, error === undefined);
  return silence === null ? ending : unheard(ending, live, silence);
}

/**
 * @param isAsMeant whether nginx has the configuration that the settings ask for: what could not be taken into use may
 *   name another port
 * @returns why people are not served; null when they are
 */
export async function whySilent(run: Run, isAsMeant = true): Promise<DeployError | null> {
  const { site } = run;
  const { nginx, driver } = site.settings;
  const { manage } = nginx;
  const patienceMs = driver.kind === 'systemd' ? PATIENCE_MS : UNSUPERVISED_MS;
  try {
    if (manage && !(await isSoon(() => runs(site), patienceMs, PAUSE_MS))) {
      await runActions(run, [{ kind: 'start-nginx' }], 'recover:');
    }
    if (manage && !isAsMeant) return null;
    return (await isSoon(() => answers(site), PATIENCE_MS, PAUSE_MS)) ? null : silenceOn(site);
  } catch (error) {
    // It may run with its last good configuration.
    if (await answers(site)) return null;
    const { what, details, next } = asDeployError(error).trouble;
    return new DeployError('needsHuman', { what: `nginx does not answer: ${what}`, details, next });
  }
}

async function runs(site: Site): Promise<boolean> {
  return (await loadedGeneration(site)) !== null;
}

async function answers(site: Site): Promise<boolean> {
  const { verify, nginx } = site.settings;
  const release = await releaseAnswering(publicEndpoint(site), verify.path, { host: nginx.serverName });
  return release !== null;
}

function silenceOn({ settings }: Site): DeployError {
  const { nginx, verify } = settings;
  return new DeployError('needsHuman', {
    what: `nginx does not answer as it should on ${verify.path}.`,
    next: `${nginx.manage ? '' : 'look at nginx, which this tool does not start; '}npm run deploy -- doctor`,
  });
}
