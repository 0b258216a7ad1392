import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { RequestListener } from 'node:http';
import type { Colour } from '../../apps/deploy/src/core/colour';
import { activeWorkersOf, findMaster, oldWorkersOf } from '../../apps/deploy/src/shell/nginx-master';
import type { ProcessIdentity } from '../../apps/deploy/src/shell/process-identity';
import { checkDraft } from '../../apps/deploy/src/shell/traffic/reloading';
import { trafficOf } from '../../apps/deploy/src/shell/traffic/traffic';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { failureOf, NginxLab } from './support/nginx-lab';

const SWITCHES = 20;
/** The shortest that settings may say. */
const SHUTDOWN_S = 1;
/** No switch is faster: it waits until nobody else's reload is under way. */
const FASTEST_SWITCH_S = 0.25;

/** Answers, but for what never ends. */
const colour =
  (release: string): RequestListener =>
  (incoming, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'x-release': release });
    if (incoming.url === '/api/v2/endless') response.write('once');
    else response.end('{}');
  };

describe('old processes of nginx after many reloads', () => {
  let lab: NginxLab;
  beforeAll(async () => {
    lab = await NginxLab.open();
    const blue = await lab.serve('blue', null, colour('blue'));
    const green = await lab.serve('green', null, colour('green'));
    const reload = { strategy: 'reload', ports: { blue, green } };
    await lab.configure({ workerShutdownS: SHUTDOWN_S }, { switch: reload });
  });
  afterAll(() => lab.close());

  const master = async () => {
    const found = await findMaster(lab.site);
    if (!found) throw new Error('nginx does not run');
    return found;
  };
  const switchTo = (to: Colour) => trafficOf(lab.site).point(lab.site, { colour: to, release: to });

  /** A client that nginx cannot let go by itself. */
  async function hold(): Promise<Socket> {
    const socket = connect(lab.port, '127.0.0.1').on('error', () => undefined);
    socket.write('GET /api/v2/endless HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await once(socket, 'data');
    return socket;
  }

  it('are few, are told, and leave no memory behind, though each is held by a connection that never ends', async () => {
    await switchTo('blue');
    const before = memoryOf(await master());
    const [held, counts, notes]: [Socket[], number[], string[]] = [[], [], []];
    for (let number = 1; number <= SWITCHES; number += 1) {
      const to = number % 2 === 0 ? 'blue' : 'green';
      held.push(await hold());
      notes.push(String(await switchTo(to)));
      counts.push(oldWorkersOf(await master()).length);
      expect(await lab.served('/api/v2/time')).toBe(to);
    }
    expect(Math.max(...counts)).toBeGreaterThan(0);
    expect(Math.max(...counts)).toBeLessThanOrEqual(SHUTDOWN_S / FASTEST_SWITCH_S + 2);
    expect(notes.join('\n')).toMatch(/[1-9]\d* old nginx processes still hold connections/);
    const isOver = async () => oldWorkersOf(await master()).length === 0;
    await waitFor(isOver, { timeoutMs: 20_000, what: 'the end of the old processes' });
    expect(activeWorkersOf(await master())).toHaveLength(1);
    expect(memoryOf(await master())).toBeLessThan(1.5 * before);
    held.forEach((socket) => socket.destroy());
  });

  it('are not made by a file that nginx cannot read: it is refused before it replaces the one in use', async () => {
    await switchTo('blue');
    const include = join(lab.dir, 'nginx/upstream-live.conf');
    const [before, workers] = [readFileSync(include, 'utf8'), activeWorkersOf(await master())];
    expect(await failureOf(checkDraft(lab.site, 'server no-such-host.invalid:1;'))).toMatch(
      /host not found in upstream "no-such-host.invalid:1" in .*upstream-live.conf.draft:1/,
    );
    expect(readFileSync(include, 'utf8')).toBe(before);
    expect(activeWorkersOf(await master())).toEqual(workers);
    const { settings } = lab.site;
    const theirs = { ...lab.site, settings: { ...settings, nginx: { ...settings.nginx, manage: false } } };
    expect(await failureOf(checkDraft(theirs, 'server 127.0.0.1:1; nonsense;'))).toContain(
      'unknown directive "nonsense"',
    );
  });
});

/** Of nginx as a whole, in kB. */
function memoryOf(master: ProcessIdentity): number {
  const all = [master, ...activeWorkersOf(master), ...oldWorkersOf(master)];
  const rss = (pid: number) =>
    Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);
  return all.reduce((sum, { pid }) => sum + rss(pid), 0);
}
