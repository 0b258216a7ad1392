import { request, type IncomingHttpHeaders } from 'node:http';
import { text } from 'node:stream/consumers';

export type Endpoint = Readonly<{ socketPath: string }> | Readonly<{ host: string; port: number }>;

export type Answer = Readonly<{ status: number; headers: IncomingHttpHeaders; body: string }>;

/** How this tool's own requests are told from people's. */
export const OWN_AGENT = 'haru-deploy';

/**
 * One GET on a connection of its own, which is what a proof needs: a kept one may still lead to the old colour.
 *
 * @param timeoutMs for everything, from connecting to the last byte
 * @throws Error when there is no whole answer in time
 */
export function ask(
  endpoint: Endpoint,
  path: string,
  { timeoutMs, host }: Readonly<{ timeoutMs: number; host?: string }>,
): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const headers = { 'user-agent': OWN_AGENT, ...(host === undefined ? {} : { host }) };
    const signal = AbortSignal.timeout(timeoutMs);
    const outgoing = request({ ...endpoint, path, headers, agent: false, signal }, (incoming) => {
      const { statusCode: status = 0, headers: received } = incoming;
      text(incoming).then((body) => resolve({ status, headers: received, body }), reject);
    });
    outgoing.on('error', (error) =>
      reject(signal.aborted ? new Error(`no answer in ${timeoutMs} ms`) : error),
    );
    outgoing.end();
  });
}
