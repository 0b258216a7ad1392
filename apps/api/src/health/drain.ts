import type { Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Injectable } from '@nestjs/common';
import { OpenSockets, type Pace } from './open-sockets';

/** A connection on which nothing was ever said is given up after this, in ms: its first words may be on their way. */
const SILENT_MS = 500;
/** How websockets are let go at the end, when nobody has asked for it before. */
const PACE_AT_THE_END: Pace = { ratePerS: 100, deadlineMs: 5_000 };

/**
 * Lets a server end without cutting anybody off. Fastify keeps idle connections for 72 s and would never exit by
 * itself; closing all of them would reset requests in flight.
 */
@Injectable()
export class Drain {
  private readonly responses = new Set<ServerResponse>();
  /** Open connections, each with the time at which it came, in ms. */
  private readonly connections = new Map<Socket, number>();
  private readonly openSockets = new OpenSockets();
  private begun = false;
  private server: Server | undefined;

  /** Requests under way. */
  get inFlight(): number {
    return this.responses.size;
  }

  /** Open websockets. */
  get sockets(): number {
    return this.openSockets.count;
  }

  get isDraining(): boolean {
    return this.begun;
  }

  /** Watches the connections and the requests of a server. */
  attach(server: Server): void {
    this.server = server;
    this.openSockets.attach(server);
    server.on('connection', (socket) => {
      this.connections.set(socket, performance.now());
      socket.once('close', () => this.connections.delete(socket));
    });
    server.prependListener('request', (_request, response) => {
      this.responses.add(response);
      if (this.begun) response.setHeader('Connection', 'close');
      response.once('close', () => {
        this.responses.delete(response);
        if (this.begun) setImmediate(() => server.closeIdleConnections());
      });
    });
  }

  /** Lets the websockets go that are open now. Everything else goes on. */
  letGo(pace: Pace): void {
    this.openSockets.letGo(pace);
  }

  /** From now on every answer is the last of its connection, that to a request under way, too, and websockets are let go. */
  begin(): void {
    this.begun = true;
    this.letGo(PACE_AT_THE_END);
    for (const response of this.responses) {
      if (!response.headersSent) response.setHeader('Connection', 'close');
    }
    this.server?.closeIdleConnections();
    setInterval(() => this.closeSilentConnections(), SILENT_MS).unref();
  }

  /** Browsers connect in advance; node counts such a connection as busy until it has said something. */
  private closeSilentConnections(): void {
    for (const [socket, cameAtMs] of this.connections) {
      if (socket.bytesRead === 0 && performance.now() - cameAtMs >= SILENT_MS) socket.destroy();
    }
  }
}
