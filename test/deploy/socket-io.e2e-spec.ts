import { io, type Socket } from 'socket.io-client';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

const EVERY_MS = 20;
const ENTRY = 'test/support/socket-io-fixture/service.mjs';
const soon = (what: string) => ({ timeoutMs: 20_000, what });

/** A client of socket.io that asks for what it has missed when it comes back, and notes what happens to it. */
class Client {
  readonly numbers: number[] = [];
  readonly ends: string[] = [];
  readonly refusals: string[] = [];
  readonly releases = new Set<string>();
  private readonly since = Date.now();
  private readonly socket: Socket;

  constructor(origin: string, transports: readonly ('polling' | 'websocket')[], upgrade = true) {
    this.socket = io(origin, {
      path: '/api/socket.io',
      transports: [...transports],
      upgrade,
      reconnectionDelay: 20,
      reconnectionDelayMax: 100,
      forceNew: true,
      auth: (done) =>
        done({ client: 'c', since: this.since, everyMs: EVERY_MS, after: this.numbers.at(-1) ?? 0 }),
    });
    this.socket.on('number', ({ n, release }: { n: number; release: string }) => {
      this.numbers.push(n);
      this.releases.add(release);
    });
    this.socket.on('disconnect', (reason) => void this.ends.push(reason));
    this.socket.on('connect_error', ({ message }) => void this.refusals.push(message));
  }

  get isConnected(): boolean {
    return this.socket.connected;
  }

  /** Waits for all that must have come by now. @returns whether each came once and in order */
  async hasAll(): Promise<boolean> {
    const due = Math.floor((Date.now() - this.since) / EVERY_MS);
    await waitFor(() => (this.numbers.at(-1) ?? 0) >= due, soon(`message ${due}`));
    return this.numbers.every((n, index) => n === index + 1);
  }

  /** @returns the release that answers */
  async echo(): Promise<string> {
    const { release } = (await this.socket.timeout(5_000).emitWithAck('echo', 'x')) as { release: string };
    return release;
  }

  close(): void {
    this.socket.disconnect();
  }
}

describe('clients of socket.io at a switch', () => {
  let lab: Lab;
  const clients: Client[] = [];
  beforeAll(async () => {
    lab = await Lab.open({ service: { entry: ENTRY, migrate: null } });
  });
  afterEach(() => {
    for (const client of clients.splice(0)) client.close();
  });
  afterAll(() => lab.close());

  const open = async (transports: readonly ('polling' | 'websocket')[], upgrade = true) => {
    const client = new Client(lab.origin, transports, upgrade);
    clients.push(client);
    await waitFor(() => client.numbers.length > 0, soon('the first message'));
    return client;
  };

  it('by websocket alone are let go, come back by themselves on the new release, and miss nothing', async () => {
    await lab.deploy('r1');
    const all = await Promise.all(Array.from({ length: 5 }, () => open(['websocket'])));
    const receipt = await lab.json<{ sockets: object }>(['deploy', 'r2']);
    expect(receipt.sockets).toEqual({ drained: 5, left: 0 });
    for (const client of all) {
      expect(await client.hasAll()).toBe(true);
      expect([client.ends, client.refusals]).toEqual([['transport close'], []]);
      expect(await client.echo()).toBe('r2');
      expect([...client.releases]).toEqual(['r1', 'r2']);
    }
  }, 40_000);

  it('by long polling lose their session with the process that had it, and begin a new one', async () => {
    const client = await open(['polling'], false);
    await lab.deploy('r3');
    await waitFor(async () => client.isConnected && (await client.echo()) === 'r3', soon('the client'));
    // The next poll went to a process that does not know the session: a refusal that the client sees.
    expect(client.ends.length).toBeGreaterThan(0);
    expect(client.ends).not.toContain('io server disconnect');
    expect(await client.hasAll()).toBe(true);
  }, 40_000);

  it('cannot go on with a handshake by polling that a switch has crossed: the new process refuses the session', async () => {
    const handshake = await lab.ask('/api/socket.io/?EIO=4&transport=polling');
    const { sid } = JSON.parse((await handshake.text()).slice(1)) as { sid: string };
    expect(handshake.status).toBe(200);
    await lab.deploy('r4');
    const next = await lab.ask(`/api/socket.io/?EIO=4&transport=polling&sid=${sid}`);
    expect([next.status, await next.json()]).toEqual([400, { code: 1, message: 'Session ID unknown' }]);
  }, 40_000);

  it('are refused polling by a service that is websocket only, before any session begins', async () => {
    await lab.deploy('r5', { fixture: 'websocket-only' });
    const { status, headers } = await lab.ask('/api/socket.io/?EIO=4&transport=polling');
    expect([status, headers.get('set-cookie')]).toEqual([400, null]);
    const client = await open(['websocket']);
    await lab.deploy('r6', { fixture: 'websocket-only' });
    expect(await client.hasAll()).toBe(true);
    expect([client.ends, client.refusals]).toEqual([['transport close'], []]);
  }, 40_000);
});
