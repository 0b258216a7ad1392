import type { Server } from 'node:http';
import { Injectable } from '@nestjs/common';

/**
 * Lets a server end without cutting anybody off. Fastify keeps idle connections for 72 s and would never exit by
 * itself; closing all of them would reset requests in flight.
 */
@Injectable()
export class Drain {
  private requests = 0;
  private begun = false;
  private server: Server | undefined;

  /** Requests under way. */
  get inFlight(): number {
    return this.requests;
  }

  get isDraining(): boolean {
    return this.begun;
  }

  /** Watches the requests of a server. */
  attach(server: Server): void {
    this.server = server;
    server.prependListener('request', (_request, response) => {
      this.requests += 1;
      if (this.begun) response.setHeader('Connection', 'close');
      response.once('close', () => {
        this.requests -= 1;
        if (this.begun) setImmediate(() => server.closeIdleConnections());
      });
    });
  }

  /** From now on every answer is the last of its connection. */
  begin(): void {
    this.begun = true;
    this.server?.closeIdleConnections();
  }
}
