import { request, type IncomingHttpHeaders, type RequestOptions } from 'node:http';
import { connect, type Socket } from 'node:net';
import { waitFor } from '../../scripts/lib/wait.mjs';

/** An answer with what `fetch` hides: headers of the connection, and what is no valid JSON. */
export interface WireAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

/** Sends one request by node's own client, which does not tidy up what is sent. @param where an address, or a socket's path */
export function ask(
  where: string,
  path: string,
  options: RequestOptions & { body?: string | Buffer } = {},
): Promise<WireAnswer> {
  const target = where.startsWith('/') ? { socketPath: where } : addressOf(where);
  return new Promise((resolve, reject) => {
    const sent = request({ agent: false, ...target, path, ...options }, (answer) => {
      let text = '';
      answer.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end(options.body);
  });
}

/** A connection on which anything can be said. */
export class RawConnection {
  private received = '';
  private closed = false;

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (chunk) => (this.received += String(chunk)));
    socket.on('error', () => undefined).on('close', () => (this.closed = true));
  }

  static async open(where: string): Promise<RawConnection> {
    const socket = where.startsWith('/') ? connect(where) : connect(addressOf(where));
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    return new RawConnection(socket);
  }

  get text(): string {
    return this.received;
  }

  get isClosed(): boolean {
    return this.closed;
  }

  say(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  /** Waits for the end that the server makes, and returns all that it said. */
  async untilClosed(timeoutMs = 5_000): Promise<string> {
    await waitFor(() => this.closed, { timeoutMs, what: `the server to close; it said: ${this.received}` });
    return this.received;
  }

  async untilSaid(text: string): Promise<void> {
    await waitFor(() => this.received.includes(text), {
      timeoutMs: 5_000,
      what: `${text} in ${this.received}`,
    });
  }
}

/** Says something on a connection of its own and returns the answer, taken apart. */
export async function exchange(where: string, bytes: string | Buffer): Promise<WireAnswer> {
  const connection = await RawConnection.open(where);
  connection.say(bytes);
  const said = await connection.untilClosed();
  const [head = '', text = ''] = said.split(/\r\n\r\n([\s\S]*)/);
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => [line.slice(0, line.indexOf(':')).toLowerCase(), line.slice(line.indexOf(':') + 2)]),
  );
  return { status: Number(statusLine.split(' ')[1]), headers, text };
}

function addressOf(url: string): { host: string; port: number } {
  const { hostname, port } = new URL(url);
  return { host: hostname, port: Number(port) };
}
