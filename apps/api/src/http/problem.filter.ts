import {
  Catch,
  HttpException,
  HttpStatus,
  Logger,
  type ArgumentsHost,
  type ExceptionFilter,
} from '@nestjs/common';
import { isDatabaseUnreachable } from '@app/database';
import { DomainError } from '@app/kernel';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { allowedMethods } from './routes';
import {
  BodyTooLarge,
  HeadersTooLarge,
  MalformedJson,
  MalformedRequest,
  MethodNotAllowed,
  RouteNotFound,
  ServiceUnavailable,
  UnexpectedError,
  UnsupportedMediaType,
} from './http.errors';
import { PROBLEM_TYPE, STATUS_OF, toProblem } from './problem';

/** What Fastify's parser and router throw, by their `code`. */
const OF_FASTIFY: Readonly<Record<string, () => DomainError>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: () => new BodyTooLarge(),
  FST_ERR_CTP_INVALID_MEDIA_TYPE: () => new UnsupportedMediaType(),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => new MalformedRequest(),
  FST_ERR_CTP_INVALID_JSON_BODY: () => new MalformedJson(),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => new MalformedJson(),
  FST_ERR_BAD_URL: () => new MalformedRequest(),
  FST_ERR_MAX_PARAM_LENGTH: () => new MalformedRequest(),
  HPE_HEADER_OVERFLOW: () => new HeadersTooLarge(),
};

/** Turns whatever was thrown into a failure with a code. */
export function toDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (isHangUp(error)) return new MalformedRequest();
  if (isDatabaseUnreachable(error)) return new ServiceUnavailable();
  const known = OF_FASTIFY[codeOf(error) ?? codeOf((error as Error | undefined)?.cause) ?? ''];
  if (known !== undefined) return known();
  return error instanceof HttpException ? ofNest(error) : new UnexpectedError();
}

/** The caller went away in the middle of the body: node's words, to which Fastify adds the status. */
function isHangUp(error: unknown): boolean {
  return codeOf(error) === 'ECONNRESET' && (error as { statusCode?: number }).statusCode === 400;
}

/** Nest hands Fastify's errors on as the cause of its own. */
function codeOf(error: unknown): string | undefined {
  return (error as { code?: string } | null | undefined)?.code;
}

function ofNest(error: HttpException): DomainError {
  const status: number = error.getStatus();
  if (status === HttpStatus.NOT_FOUND) return new RouteNotFound();
  if (status === HttpStatus.PAYLOAD_TOO_LARGE) return new BodyTooLarge();
  if (status === HttpStatus.UNSUPPORTED_MEDIA_TYPE) return new UnsupportedMediaType();
  return status < 500 ? new MalformedRequest() : new UnexpectedError();
}

/** Answers every failure in one shape. Expected ones are the request line's business; others are logged with a stack. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  private readonly logger = new Logger('Problem');

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const problem = this.refine(toDomainError(error), request, reply);
    if (problem.kind === 'unexpected')
      this.logger.error({ err: error, requestId: request.id }, 'unexpected error');
    if (problem.kind === 'unavailable')
      this.logger.warn({ err: error, requestId: request.id }, 'unavailable');
    if (problem.retryAfterS !== undefined) void reply.header('Retry-After', problem.retryAfterS);
    request.failureCode = problem.code;
    void reply.status(STATUS_OF[problem.kind]).type(PROBLEM_TYPE).send(toProblem(problem));
  }

  /** A path that exists under other methods is not missing. */
  private refine(error: DomainError, request: FastifyRequest, reply: FastifyReply): DomainError {
    if (!(error instanceof RouteNotFound)) return error;
    const allowed = allowedMethods(request.server, request.url);
    // With a dot behind an id, the router takes no line break in it: then not even the right method leads anywhere.
    if (allowed.length === 0 || allowed.includes(request.method)) return error;
    void reply.header('Allow', allowed.join(', '));
    return new MethodNotAllowed();
  }
}
