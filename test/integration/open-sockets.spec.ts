import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server as SocketIo } from 'socket.io';
import { io, type Socket } from 'socket.io-client';
import { OpenSockets } from '../../apps/api/src/health/open-sockets';
import { worstSecond } from '../../scripts/bench/switch/sockets.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';

const CLIENTS = 30;
const soon = (what: string) => ({ timeoutMs: 10_000, what });

describe('the open websockets of a server', () => {
  let server: Server;
  let sockets: OpenSockets;
  beforeEach(async () => {
    server = createServer((_request, response) => response.end('plain'));
    sockets = new OpenSockets();
    sockets.attach(server);
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterEach(() => server.close());

  const origin = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

  it('are none where nobody serves any: whoever asks for an upgrade is answered as plainly as before', async () => {
    const headers = { connection: 'Upgrade', upgrade: 'websocket' };
    const asked = request(origin(), { headers, agent: false }).end();
    const [answer] = (await once(asked, 'response')) as [{ statusCode: number; resume: () => void }];
    answer.resume();
    expect([answer.statusCode, sockets.count]).toEqual([200, 0]);
  });

  describe('served by socket.io', () => {
    let service: SocketIo;
    let clients: Socket[];
    const reasons: string[] = [];
    beforeEach(async () => {
      service = new SocketIo(server);
      reasons.length = 0;
      clients = Array.from({ length: CLIENTS }, () => connect());
      await waitFor(() => clients.every(({ connected }) => connected), soon('all clients'));
    });
    afterEach(async () => {
      for (const client of clients) client.disconnect();
      await service.close();
    });

    const connect = () => {
      const options = { transports: ['websocket'], reconnectionDelay: 10, forceNew: true };
      return io(origin(), options).on('disconnect', (reason) => void reasons.push(reason));
    };

    it('are counted, and no more when they have gone', async () => {
      expect(sockets.count).toBe(CLIENTS);
      clients[0]?.disconnect();
      await waitFor(() => sockets.count === CLIENTS - 1, soon('one to go'));
    });

    it('are let go one after another, and each client comes back by itself', async () => {
      const moments: number[] = [];
      for (const client of clients) client.on('disconnect', () => void moments.push(performance.now()));
      const begin = performance.now();
      sockets.letGo({ ratePerS: 20, deadlineMs: 60_000 });
      await waitFor(() => moments.length === CLIENTS, soon('all to be let go'));
      // 29 pauses of 50 ms on average, each of 25 ms at least.
      expect(performance.now() - begin).toBeGreaterThan(29 * 25);
      expect(worstSecond(moments)).toBeLessThan(CLIENTS);
      expect(new Set(reasons)).toEqual(new Set(['transport close']));
      await waitFor(() => clients.every(({ connected }) => connected), soon('all to be back'));
      expect(sockets.count).toBe(CLIENTS);
    });

    it('are all let go at the deadline', async () => {
      sockets.letGo({ ratePerS: 1, deadlineMs: 50 });
      await waitFor(() => reasons.length === CLIENTS, { timeoutMs: 5_000, what: 'all to be let go' });
    });
  });
});
