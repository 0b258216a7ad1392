import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';

/** How fast sockets are let go. */
export interface Pace {
  /** Closed each second, on average. */
  readonly ratePerS: number;
  /** What is left then is closed at once. */
  readonly deadlineMs: number;
}

/** A close frame with code 1012, "service restart": the client shall come back (RFC 6455, 5.5.1; IANA's registry). */
const SERVICE_RESTART = Buffer.from([0x88, 2, 0x03, 0xf4]);
/** A client that does not answer the close by then is cut off. */
const ANSWER_TIMEOUT_MS = 2_000;

/**
 * The websockets of a server, whoever serves them: it sees the connections, not what is said on them. They are closed
 * as the protocol wants it, by a frame between two others, so the server's own library takes part in the farewell. A
 * client of socket.io takes that for a loss of its transport, and comes back by itself; after a `disconnect` of
 * socket.io's own it would not.
 */
export class OpenSockets {
  private readonly open = new Set<Duplex>();
  /** Those that are to be closed, first come first. */
  private readonly leaving = new Set<Duplex>();
  private ratePerS = 1;
  private deadline = 0;
  private timer: NodeJS.Timeout | undefined;

  get count(): number {
    return this.open.size;
  }

  /** Node leaves an `Upgrade` alone as long as nobody listens for it: so this listens only when somebody else does. */
  attach(server: Server): void {
    const keep = (request: IncomingMessage, socket: Duplex) => this.keep(request, socket);
    if (server.listenerCount('upgrade') > 0) {
      server.prependListener('upgrade', keep);
      return;
    }
    const begin = (event: string | symbol): void => {
      if (event !== 'upgrade') return;
      server.off('newListener', begin);
      server.on('upgrade', keep);
    };
    server.on('newListener', begin);
  }

  /**
   * Lets the sockets go that are open now, one after another, with pauses from half to one and a half of the average:
   * their clients must not come back all at once. Called again it takes the new ones, too, and the new pace.
   */
  letGo({ ratePerS, deadlineMs }: Pace): void {
    this.ratePerS = ratePerS;
    this.deadline = performance.now() + deadlineMs;
    for (const socket of this.open) this.leaving.add(socket);
    if (this.timer === undefined) this.closeNext();
  }

  private keep({ headers }: IncomingMessage, socket: Duplex): void {
    if (headers.upgrade?.toLowerCase() !== 'websocket') return;
    this.open.add(socket);
    socket.once('close', () => {
      this.open.delete(socket);
      this.leaving.delete(socket);
    });
  }

  private closeNext(): void {
    const isLate = performance.now() >= this.deadline;
    for (const socket of [...this.leaving].slice(0, isLate ? this.leaving.size : 1)) {
      this.leaving.delete(socket);
      close(socket);
    }
    const pauseMs = (1_000 / this.ratePerS) * (0.5 + Math.random());
    const waitMs = Math.max(0, Math.min(pauseMs, this.deadline - performance.now()));
    this.timer = this.leaving.size === 0 ? undefined : setTimeout(() => this.closeNext(), waitMs);
  }
}

function close(socket: Duplex): void {
  socket.write(SERVICE_RESTART);
  const timer = setTimeout(() => socket.destroy(), ANSWER_TIMEOUT_MS);
  socket.once('close', () => clearTimeout(timer));
}
