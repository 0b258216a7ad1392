import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DeployError } from '../core/errors';
import { writeDurably } from './durable';
import { readIfThere } from './files';
import {
  answersGeneration,
  checkConfig,
  loadedGeneration,
  nginxVersion,
  refusedBy,
  reload,
} from './nginx-program';
import { findMaster } from './nginx-master';
import { generationIn, isEdited, renderSite, type Rendered } from './nginx-render';
import { endNginx, launchNginx } from './nginx-service';
import { smoke } from './nginx-smoke';
import { ensurePreviewSecret, readPreviewSecret } from './preview';
import type { Site } from './site';
import { trafficOf } from './traffic/traffic';

/** The secret that signs previews is in it. Only the master of nginx reads it, as the account of this tool or as root. */
const OWN_ALONE = 0o600;

/** The private nginx as it is and as it should be. One that hangs is there and answers nobody: it does not run. */
export type NginxState = Readonly<{ running: boolean; hangs?: boolean; current: boolean; edited: boolean }>;

export async function nginxState(site: Site): Promise<NginxState> {
  const { text, generation } = await wanted(site);
  const loaded = await loadedGeneration(site);
  const stored = await readIfThere(site.layout.nginxConf);
  const edited = stored !== null && isEdited(stored);
  if (loaded !== null) return { running: true, current: loaded === generation && !edited, edited };
  const hangs = (await findMaster(site)) !== null;
  return { running: false, hangs, current: stored === text, edited };
}

/** The configuration that the settings ask for, for the nginx of this machine. */
export async function wanted(site: Site): Promise<Rendered> {
  return renderSite(site, await nginxVersion(), await readPreviewSecret(site));
}

/**
 * Takes the configuration that the settings ask for into use: checked before, proven afterwards. A reload alone
 * proves nothing; nginx answers 0 and keeps the old one when, say, a port is taken. A configuration that does not
 * answer each route as it should gives way to the one before.
 *
 * @throws DeployError with nginx's own words, or with the routes that fail; the configuration in use stays
 */
export async function configureNginx(site: Site): Promise<string> {
  const { nginxConf, nginxDir } = site.layout;
  await mkdir(join(nginxDir, 'temp'), { recursive: true });
  await ensurePreviewSecret(site);
  await trafficOf(site).prepare(site);
  const { text, generation } = await wanted(site);
  const draft = `${nginxConf}.new`;
  await writeDurably(draft, text, OWN_ALONE);
  const notes = await checkConfig(site, draft);
  const before = await setAside(site);
  await rename(draft, nginxConf);
  if ((await loadedGeneration(site)) === null) return notes;
  const trouble = await reloadInto(site, generation);
  if (trouble === null) return notes;
  if (before !== null) await restore(site, before);
  throw trouble;
}

/** @returns the configuration to go back to. What somebody wrote into it by hand is kept beside it, and not used again */
async function setAside(site: Site): Promise<string | null> {
  const { nginxConf } = site.layout;
  const before = await readIfThere(nginxConf);
  if (before === null || !isEdited(before)) return before;
  await writeDurably(`${nginxConf}.edited`, before, OWN_ALONE);
  return readIfThere(goodFile(site));
}

async function reloadInto(site: Site, generation: string): Promise<DeployError | null> {
  if (!(await reload(site, generation))) {
    return refusedBy(site, 'nginx was asked to reload and keeps its old configuration');
  }
  return prove(site);
}

async function restore(site: Site, text: string): Promise<void> {
  await writeDurably(site.layout.nginxConf, text, OWN_ALONE);
  await reload(site, generationIn(text) ?? '');
}

/** @throws DeployError, for instance when somebody else has the port; the last good configuration is started then */
export async function startNginx(site: Site): Promise<void> {
  const trouble = await start(site);
  if (trouble === null) return;
  const { nginxConf } = site.layout;
  const good = await readIfThere(goodFile(site));
  const isOther = good !== null && good !== (await readIfThere(nginxConf));
  await stopNginx(site);
  if (!isOther) throw trouble.with({ left: 'nginx does not run.' });
  await writeDurably(nginxConf, good, OWN_ALONE);
  const second = await start(site);
  throw second ?? trouble.with({ left: 'nginx runs with its last good configuration.' });
}

async function start(site: Site): Promise<DeployError | null> {
  const { nginxConf } = site.layout;
  await endNginx(site, 'SIGTERM');
  await removeSockets(site);
  await trafficOf(site).prepare(site);
  const result = await launchNginx(site);
  const generation = generationIn((await readIfThere(nginxConf)) ?? '') ?? '';
  if (result.code !== 0 || !(await answersGeneration(site, generation))) {
    return refusedBy(site, 'nginx does not start', result.output);
  }
  return prove(site);
}

/** Ends the private nginx, if it runs: its requests under way finish first. */
export async function stopNginx(site: Site): Promise<boolean> {
  const wasRunning = await endNginx(site, 'SIGQUIT');
  await removeSockets(site);
  return wasRunning;
}

/** What nginx loaded is good when each route answers; then it is kept for a bad day. */
async function prove(site: Site): Promise<DeployError | null> {
  const problems = await smoke(site);
  if (problems.length === 0) {
    await writeDurably(goodFile(site), (await readIfThere(site.layout.nginxConf)) ?? '', OWN_ALONE);
    return null;
  }
  return new DeployError('needsHuman', {
    what: 'nginx took the configuration, but does not serve the site with it.',
    details: problems,
    left: 'The configuration before is in use again.',
    next: `correct what the lines name; ${join(site.layout.nginxDir, 'error.log')} tells more`,
  });
}

function goodFile({ layout }: Site): string {
  return `${layout.nginxConf}.good`;
}

/** nginx leaves the names of its sockets behind, and would not start where one is. */
async function removeSockets({ layout }: Site): Promise<void> {
  const { innerSocket, siteSocket, developSocket } = layout;
  for (const name of [innerSocket, siteSocket, developSocket]) await rm(name, { force: true });
}
