import { timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseAlert, type AlertNotice } from '../core/alert';
import { DeployError } from '../core/errors';
import { parseJson } from '../shell/files';
import type { Session } from './session';
import { refuseWithoutStandby, standby } from './standby';

const MAX_BODY_BYTES = 1_048_576;
/** A deploy that is under way has the lock for a while. */
const LOCKED_PAUSE_MS = 1_000;

/**
 * Starts the standby when an alert fires, and stops it when that is resolved: a webhook for Prometheus' Alertmanager, for
 * as long as this process lives. An answer of 202 says that the notice was understood; what came of it is in the log.
 *
 * @throws DeployError when the settings name no address, or it is taken
 */
export async function listenForAlerts(session: Session): Promise<never> {
  refuseWithoutStandby(session);
  const { listen } = session.site.settings.standby ?? {};
  if (!listen) {
    throw new DeployError('usage', {
      what: 'The settings do not say where to listen.',
      next: 'set standby.listen.port and standby.listen.tokenFile in deploy.yml',
    });
  }
  const token = (await readFile(resolve(session.site.layout.projectDir, listen.tokenFile), 'utf8')).trim();
  const worker = oneAfterAnother(session, listen.stopsWhenResolved);
  const server = createServer((request, response) => {
    void answer(request, response, token, worker).catch(() => response.destroy());
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening');
  session.reporter.say(`Listening for alerts on http://${listen.host}:${listen.port}/alerts.`);
  return new Promise<never>(() => undefined);
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  token: string,
  take: (notice: AlertNotice) => void,
): Promise<void> {
  const status = await judge(request, token, take);
  response.writeHead(status, { 'content-type': 'text/plain', connection: 'close' }).end(`${status}\n`);
}

async function judge(
  request: IncomingMessage,
  token: string,
  take: (notice: AlertNotice) => void,
): Promise<number> {
  if (request.url !== '/alerts') return 404;
  if (request.method !== 'POST') return 405;
  if (!isSame(request.headers.authorization ?? '', `Bearer ${token}`)) return 401;
  if (Number(request.headers['content-length'] ?? Infinity) > MAX_BODY_BYTES) return 413;
  const notice = parseAlert(parseJson(await text(request)));
  if (notice === null) return 400;
  take(notice);
  return 202;
}

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}

/** What is asked for last counts; a wish that comes while one is carried out waits. */
function oneAfterAnother(session: Session, stops: boolean): (notice: AlertNotice) => void {
  let last = Promise.resolve();
  return ({ isFiring, names }) => {
    const wish = isFiring ? 'start' : 'stop';
    session.reporter.say(`${names.join(', ')} ${isFiring ? 'fires' : 'is resolved'}.`);
    if (!isFiring && !stops) return;
    last = last.then(() => carryOut(session, wish));
  };
}

async function carryOut(session: Session, wish: 'start' | 'stop'): Promise<void> {
  for (;;) {
    try {
      await standby(session, wish);
      return session.reporter.say(`standby ${wish}: done.`);
    } catch (error) {
      if (!(error instanceof DeployError)) throw error;
      if (error.kind !== 'locked') return session.reporter.say(`standby ${wish} failed: ${error.message}`);
      await sleep(LOCKED_PAUSE_MS);
    }
  }
}
