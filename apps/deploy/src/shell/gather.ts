import type { Colour } from '../core/colour';
import type { ColourFacts, Facts, NginxFacts } from '../core/facts';
import { caveatOf } from '../core/reload';
import { findProcess } from './drivers/driver';
import { endpointOf } from './endpoints';
import { nginxState } from './nginx';
import { nginxVersion } from './nginx-program';
import { whoAnswers } from './probe';
import { readStandby } from './standby';
import { readPreview } from './preview';
import { publicEndpoint, type Site } from './site';
import { readState } from './state-file';
import { trafficOf } from './traffic/traffic';

/** So long a busy colour may take to answer, where a release that nobody has verified would be kept instead of it. */
const PATIENCE_MS = 10_000;

/**
 * Looks at everything a plan depends on: what was written down, and what really runs.
 *
 * @param patientWith the colour that is not to be taken for dead when it is only busy
 */
export async function gatherFacts(
  site: Site,
  patientWith: Colour | null = null,
): Promise<Readonly<{ facts: Facts; notes: readonly string[] }>> {
  const { state, notes } = await readState(site.layout.stateFile);
  const [blue, green, nginx] = await Promise.all([
    colourFacts(site, 'blue', patientWith),
    colourFacts(site, 'green', patientWith),
    nginxFacts(site),
  ]);
  const colour = await trafficOf(site).where(site);
  const colours = { blue, green };
  const link = colour && { colour, release: colours[colour].process?.release ?? null };
  const { strategy } = site.settings.switch;
  const [preview, standby] = await Promise.all([readPreview(site), readStandby(site)]);
  return { facts: { strategy, state, link, colours, nginx, preview, standby }, notes };
}

async function colourFacts(site: Site, colour: Colour, patientWith: Colour | null): Promise<ColourFacts> {
  const process = await findProcess(site, colour);
  if (!process) return { process: null, answers: null };
  const { pid, release } = process;
  const { livePath } = site.settings.service;
  const patience = colour === patientWith ? { timeoutMs: PATIENCE_MS } : {};
  const answers = await whoAnswers(endpointOf(site, { colour, release }), livePath, patience);
  return { process: { pid, release }, answers };
}

async function nginxFacts(site: Site): Promise<NginxFacts> {
  const { service, nginx } = site.settings;
  const answers = await whoAnswers(publicEndpoint(site), service.livePath, { host: nginx.serverName });
  const caveat = await caveatFor(site);
  if (!nginx.manage) return { managed: false, running: answers !== null, current: true, answers, ...caveat };
  return { managed: true, ...(await nginxState(site)), answers, ...caveat };
}

async function caveatFor({ settings }: Site): Promise<Pick<NginxFacts, 'caveat'>> {
  if (settings.switch.strategy === 'socket') return {};
  const caveat = caveatOf(await nginxVersion().catch(() => null));
  return caveat === null ? {} : { caveat };
}
