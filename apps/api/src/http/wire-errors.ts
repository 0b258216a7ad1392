import type { Socket } from 'node:net';
import type { DomainError } from '@app/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { HeadersTooLarge, MalformedRequest, RequestTimedOut } from './http.errors';
import { PROBLEM_TYPE, STATUS_OF, toProblem } from './problem';

/** Errors before any route is known (a path such as `/%ff`): they reach no filter of Nest. */
export function answerFrameworkError(_error: Error, _request: FastifyRequest, reply: FastifyReply): void {
  const problem = new MalformedRequest();
  void reply.status(STATUS_OF[problem.kind]).type(PROBLEM_TYPE).send(toProblem(problem));
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
    `X-Release: ${release}`,
    'Connection: close',
    '',
    body,
  ].join('\r\n');
}
