import { randomUUID } from 'node:crypto';
import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { DomainError } from '@app/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { HeadersTooLarge, MalformedRequest, RequestTimedOut } from '../http/http.errors';
import { PROBLEM_TYPE, STATUS_OF, toProblem } from '../http/problem';

/** Answers errors before any route is known (a path such as `/%ff`): no hook and no filter of Nest sees those. */
export function answerFrameworkErrors(release: string, logger: Logger) {
  return (_error: Error, { id: requestId, method, ip }: FastifyRequest, reply: FastifyReply): void => {
    const problem = new MalformedRequest();
    const status = STATUS_OF[problem.kind];
    logger.info({ requestId, method, route: 'unmatched', status, code: problem.code, ip }, 'request');
    void reply.header('X-Request-Id', requestId).header('X-Release', release);
    void reply.status(status).type(PROBLEM_TYPE).send(toProblem(problem));
  };
}

/** A server may ignore an `Expect` that it does not know (RFC 9110, 10.1.1); node would answer 417 without a body. */
export function ignoreExpectations(server: Server): void {
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
}

/** Makes the answer to what is not HTTP, or has too large headers: there is no request yet, only the socket. */
export function answerClientErrors(release: string) {
  return (error: Error & { code?: string }, socket: Socket): void => {
    if (error.code === 'ECONNRESET' || !socket.writable) return void socket.destroy();
    socket.end(render(problemOf(error.code), release));
  };
}

function problemOf(code: string | undefined): DomainError {
  if (code === 'HPE_HEADER_OVERFLOW') return new HeadersTooLarge();
  return code === 'ERR_HTTP_REQUEST_TIMEOUT' ? new RequestTimedOut() : new MalformedRequest();
}

function render(error: DomainError, release: string): string {
  const problem = toProblem(error);
  const body = JSON.stringify(problem);
  return [
    `HTTP/1.1 ${problem.status} ${problem.title}`,
    `Content-Type: ${PROBLEM_TYPE}`,
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${randomUUID()}`,
    `X-Release: ${release}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
