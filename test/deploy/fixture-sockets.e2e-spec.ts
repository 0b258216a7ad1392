import { spawn, type ChildProcess } from 'node:child_process';
import { openSockets, worstSecond } from '../../scripts/bench/switch/sockets.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { ROOT } from '../../scripts/lib/paths.mjs';

const SERVICE = `${ROOT}/test/support/deploy-fixture/service.mjs`;
const CLIENTS = 20;

type Sockets = Awaited<ReturnType<typeof openSockets>>;
const NOTHING_WRONG = { lost: 0, doubled: 0, cuts: 0, refused: 0 };

async function startService(): Promise<Readonly<{ origin: string; child: ChildProcess }>> {
  const port = await freePort();
  const env = { ...process.env, PORT: String(port), RELEASE: 'r1', COLOUR: 'blue' };
  const child = spawn(process.execPath, [SERVICE], { env, stdio: 'ignore' });
  const origin = `http://127.0.0.1:${port}`;
  const isThere = () =>
    fetch(`${origin}/health/live`).then(
      () => true,
      () => false,
    );
  await waitFor(isThere, { timeoutMs: 10_000, what: 'the fixture' });
  return { origin, child };
}

/** Until each client has had so many messages, on average. */
function heard(sockets: Sockets, each: number): Promise<unknown> {
  const { tally } = sockets;
  return waitFor(() => tally.messages >= each * CLIENTS, { timeoutMs: 10_000, what: 'messages' });
}

describe('clients of echo sockets', () => {
  let service: Awaited<ReturnType<typeof startService>>;
  beforeEach(async () => (service = await startService()));
  afterEach(() => service.child.kill('SIGKILL'));

  it('lose nothing when they are let go one by one, and come back', async () => {
    const { origin } = service;
    const sockets = await openSockets(origin, CLIENTS, { everyMs: 20, echoEveryMs: 30 });
    await heard(sockets, 5);
    const body = JSON.stringify({ ratePerS: 100, deadlineMs: 5_000 });
    await fetch(`${origin}/drain`, { method: 'POST', body });
    await waitFor(() => sockets.tally.closed === CLIENTS && sockets.open() === CLIENTS, {
      timeoutMs: 5_000,
      what: 'all clients to be back',
    });
    const tally = await sockets.stop();
    expect(tally).toMatchObject({ ...NOTHING_WRONG, closed: CLIENTS, failures: [] });
    expect(tally.echoes).toBeGreaterThanOrEqual(CLIENTS);
  });

  it('count a socket that is cut without a word', async () => {
    const sockets = await openSockets(service.origin, CLIENTS, { everyMs: 20, echoEveryMs: 30, lastMs: 300 });
    await heard(sockets, 2);
    service.child.kill('SIGKILL');
    await waitFor(() => sockets.tally.cuts === CLIENTS, { timeoutMs: 5_000, what: 'the cuts' });
    // Nobody serves any more: what was not heard counts as lost.
    expect(await sockets.stop()).toMatchObject({ cuts: CLIENTS });
    expect(sockets.tally.refused).toBeGreaterThan(0);
    expect(sockets.tally.lost).toBeGreaterThan(0);
  });
});

describe('the worst second', () => {
  it('is the one in which most came', () => {
    expect(worstSecond([])).toBe(0);
    expect(worstSecond([0, 999, 1_000, 1_500, 1_999, 5_000])).toBe(3);
  });
});
