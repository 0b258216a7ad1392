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
import { asDeployError } from '../shell/full-disk';
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
  const token = await readToken(resolve(session.site.layout.projectDir, listen.tokenFile));
  const worker = oneAfterAnother(session, listen.stopsWhenResolved);
  const server = createServer((request, response) => {
    void answer(request, response, token, worker).catch(() => response.destroy());
  });
  server.listen(listen.port, listen.host);
  await once(server, 'listening').catch((error: unknown) => {
    throw needsHuman(
      `standby.listen: nobody can listen on ${listen.host}, port ${listen.port}: ${String(error)}.`,
      'free the port, or correct standby.listen.port and standby.listen.host in deploy.yml',
    );
  });
  session.reporter.say(`Listening for alerts on http://${listen.host}:${listen.port}/alerts.`);
  return new Promise<never>(() => undefined);
}

async function readToken(path: string): Promise<string> {
  const next = `write a secret into it (openssl rand -hex 24 >${path}), or correct standby.listen.tokenFile in deploy.yml`;
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw needsHuman(`standby.listen.tokenFile cannot be read: ${String(error)}.`, next);
  });
  // Nothing would be a token that everybody knows.
  if (text.trim() === '') throw needsHuman(`standby.listen.tokenFile: ${path} is empty.`, next);
  return text.trim();
}

function needsHuman(what: string, next: string): DeployError {
  return new DeployError('needsHuman', { what, left: 'Nobody listens for alerts.', next });
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
      // Whatever it is, the next alert may find it over: the listener goes on.
      const { kind, message } = asDeployError(error);
      if (kind !== 'locked') return session.reporter.say(`standby ${wish} failed: ${message}`);
      await sleep(LOCKED_PAUSE_MS);
    }
  }
}
