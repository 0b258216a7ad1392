import type { Colour } from '../core/colour';
import type { ColourFacts, Facts, NginxFacts } from '../core/facts';
import { socketPath } from '../core/layout';
import { readLink } from './live-link';
import { nginxState } from './nginx';
import { whoAnswers } from './probe';
import { findProcess } from './processes';
import { publicEndpoint, type Site } from './site';
import { readState } from './state-file';

/** Looks at everything a plan depends on: what was written down, and what really runs. */
export async function gatherFacts(site: Site): Promise<Readonly<{ facts: Facts; notes: readonly string[] }>> {
  const { state, notes } = await readState(site.layout.stateFile);
  const [blue, green, nginx] = await Promise.all([
    colourFacts(site, 'blue'),
    colourFacts(site, 'green'),
    nginxFacts(site),
  ]);
  const found = await readLink(site.layout.liveLink);
  const colours = { blue, green };
  const link = found && { colour: found.colour, release: colours[found.colour].process?.release ?? null };
  return { facts: { state, link, colours, nginx }, notes };
}

async function colourFacts({ layout, settings }: Site, colour: Colour): Promise<ColourFacts> {
  const process = await findProcess(layout, colour);
  if (!process) return { process: null, answers: null };
  const { pid, release } = process;
  const endpoint = { socketPath: socketPath(layout, { colour, release }) };
  return { process: { pid, release }, answers: await whoAnswers(endpoint, settings.service.livePath) };
}

async function nginxFacts(site: Site): Promise<NginxFacts> {
  const { service, nginx } = site.settings;
  const answers = await whoAnswers(publicEndpoint(site), service.livePath, { host: nginx.serverName });
  if (!nginx.manage) return { managed: false, running: answers !== null, current: true, answers };
  return { managed: true, ...(await nginxState(site)), answers };
}
