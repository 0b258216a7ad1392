import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { FastifyInstance } from 'fastify';
import { MalformedRequest } from '../http/http.errors';
import { LIMITS } from '../http/limits';

declare module 'fastify' {
  interface FastifyRequest {
    /** Code of the failure that the request was answered with. */
    failureCode?: number;
  }
}

const { min, max } = LIMITS.requestId;
const REQUEST_ID = new RegExp(`^[A-Za-z0-9._-]{${min},${max}}$`);

/** Peers whose trust is remembered: to look one up in the list takes as long as to write the log. */
const REMEMBERED_PEERS = 1_000;
const LONGEST_ADDRESS = 45;

/** The caller's `X-Request-Id` when it is a plain one (nginx sets it), else a new one. */
export function requestIdOf(message: IncomingMessage): string {
  const given = message.headers['x-request-id'];
  return typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID();
}

/** Every answer says which request it belongs to and which release gave it, and is taken for what it says it is. */
export function markAnswers(instance: FastifyInstance, release: string): void {
  instance.addHook('onRequest', (request, reply, done) => {
    void reply
      .header('X-Request-Id', request.id)
      .header('X-Release', release)
      .header('X-Content-Type-Options', 'nosniff');
    done();
  });
}

/** HTTP/1.1 wants a Host (RFC 9112, 3.2). */
export function refuseMissingHost(instance: FastifyInstance): void {
  instance.addHook('onRequest', ({ raw: { headers, httpVersion } }, _reply, done) => {
    if (headers.host === undefined && httpVersion === '1.1') done(new MalformedRequest());
    else done();
  });
}

/**
 * Who may say for whom it speaks. On a unix socket there is no peer address at all: nginx is at the other end.
 *
 * @param networks addresses, or `address/prefix`
 */
export function trustedProxies(networks: readonly string[]): (address: string | undefined) => boolean {
  const trusted = new BlockList();
  for (const network of networks) {
    const [address = '', prefix] = network.split('/');
    const family = isIPv6(address) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  const remembered = new Map<string, boolean>();
  return (address) => {
    if (address === undefined) return true;
    const known = remembered.get(address);
    if (known !== undefined) return known;
    const isTrusted = trusted.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
    if (remembered.size >= REMEMBERED_PEERS) remembered.clear();
    if (address.length <= LONGEST_ADDRESS) remembered.set(address, isTrusted);
    return isTrusted;
  };
}
