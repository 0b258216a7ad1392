import { request, type Agent, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export type Endpoint = Readonly<{ socketPath: string }> | Readonly<{ host: string; port: number }>;

/** @param address `host:port`, the host of IPv6 in brackets */
export function parseAddress(address: string): Endpoint {
  const at = address.lastIndexOf(':');
  return { host: address.slice(0, at).replace(/^\[|\]$/g, ''), port: Number(address.slice(at + 1)) };
}

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

/** How this tool's own requests are told from people's. */
export const OWN_AGENT = 'haru-deploy';

export type AskOptions = Readonly<{
  /** for everything, from connecting to the last byte */
  timeoutMs: number;
  host?: string;
  userAgent?: string;
  /** unset: a connection of its own */
  agent?: Agent;
  method?: 'GET' | 'POST';
  /** JSON */
  body?: string;
}>;

/**
 * One request, on a connection of its own unless an agent is given. That is what a proof needs: a kept connection may
 * still lead to the old colour.
 *
 * @throws Error when there is no whole answer in time
 */
export function ask(
  endpoint: Endpoint,
  path: string,
  { timeoutMs, host, userAgent = OWN_AGENT, agent, method = 'GET', body }: AskOptions,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = {
      'user-agent': userAgent,
      ...(host === undefined ? {} : { host }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const signal = AbortSignal.timeout(timeoutMs);
    const options = { ...endpoint, method, path, headers, agent: agent ?? false, signal } as const;
    const outgoing = request(options, (incoming) => {
      const { statusCode: status = 0, headers: received } = incoming;
      text(incoming).then((answer) => resolve({ status, headers: received, body: answer }), reject);
    });
    outgoing.on('error', (error) =>
      reject(signal.aborted ? new Error(`no answer in ${timeoutMs} ms`) : error),
    );
    outgoing.end(body);
  });
}
