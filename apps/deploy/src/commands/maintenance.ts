import { loadOperator } from '@app/config';
import { userInfo } from 'node:os';
import type { Maintenance } from '../core/maintenance';
import { DeployError } from '../core/errors';
import { ask } from '../shell/http';
import { readMaintenance, setMaintenance } from '../shell/maintenance-file';
import { prepareFolders, publicEndpoint, siteUrl, type Site } from '../shell/site';
import type { Session } from './session';

/** nginx lets the tool's own requests through during maintenance: this one comes as anybody's. */
const VISITOR = 'a visitor';
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * Closes the site to people, or opens it again. Takes no lock: it must work while a deploy goes on, and changes nothing
 * that a deploy depends on.
 *
 * @returns since when it is closed; null: it is open
 * @throws DeployError when people are let in all the same
 */
export async function maintenance({ site, reporter }: Session, wish: string): Promise<Maintenance | null> {
  if (wish !== 'on' && wish !== 'off') {
    throw new DeployError('usage', { what: `maintenance is on or off, not ${JSON.stringify(wish)}.` });
  }
  await prepareFolders(site);
  const by = loadOperator() ?? userInfo().username;
  const known = await readMaintenance(site.layout);
  await setMaintenance(
    site.layout,
    wish === 'on' ? (known ?? { since: new Date().toISOString(), by }) : null,
  );
  const status = await statusForPeople(site);
  if (wish === 'on' && status !== null && status !== 503) throw notClosed(site, status);
  const answer = status === null ? 'nginx does not answer just now' : `people get ${status}`;
  reporter.say(`${siteUrl(site)} is ${wish === 'on' ? 'closed for maintenance' : 'open'} (${answer}).`);
  return readMaintenance(site.layout);
}

async function statusForPeople(site: Site): Promise<number | null> {
  const { verify, nginx } = site.settings;
  const options = { timeoutMs: ANSWER_TIMEOUT_MS, host: nginx.serverName, userAgent: VISITOR };
  return ask(publicEndpoint(site), verify.path, options).then(
    ({ status }) => status,
    () => null,
  );
}

function notClosed({ layout, settings }: Site, status: number): DeployError {
  const { manage } = settings.nginx;
  return new DeployError('needsHuman', {
    what: `${layout.maintenanceFile} is there, and nginx lets people in all the same (${status}).`,
    left: 'The site is open; it closes as soon as nginx looks for that file.',
    next: manage
      ? 'deploy once, which renews the configuration of nginx; or let its workers reach that folder'
      : 'install what `npm run deploy -- nginx` prints; or let the workers of nginx reach that folder',
  });
}
