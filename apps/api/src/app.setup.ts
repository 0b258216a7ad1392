import cors from '@fastify/cors';
import { NestFactory } from '@nestjs/core';
import { getToken } from '@willsoto/nestjs-prometheus';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@app/config';
import { LogController, type FastifyInstance } from 'fastify';
import type { Logger } from 'pino';
import type { Histogram } from 'prom-client';
import { AppModule } from './app.module';
import { acceptCookies } from './auth/cookies';
import { forbidStoring } from './auth/no-store';
import { Drain } from './health/drain';
import { acceptForms } from './server/form-parser';
import { acceptEmptyJson } from './server/json-parser';
import { corsFor } from './server/cors';
import { LIMITS } from './http/limits';
import { markAnswers, refuseMissingHost, requestIdOf, trustedProxies } from './server/request-hooks';
import { protectPages } from './server/security-headers';
import { recordRoutes } from './http/routes';
import { answerClientErrors, answerFrameworkErrors, ignoreExpectations } from './server/wire-errors';
import { REQUEST_DURATIONS } from './observability/metrics.providers';
import { NestLogger } from './observability/nest-logger';
import { logRequests, type RequestLog } from './observability/request-log';
import { serveOpenApi } from './openapi';

/**
 * Makes the service ready to listen: the same for `main` and for tests.
 *
 * @throws when the database cannot be reached
 */
export async function createApp(
  config: Config,
  logger: Logger,
  requestLog: RequestLog,
): Promise<NestFastifyApplication> {
  const adapter = new FastifyAdapter({
    bodyLimit: LIMITS.bodyBytes,
    clientErrorHandler: answerClientErrors(config.release),
    frameworkErrors: answerFrameworkErrors(config.release, logger),
    genReqId: requestIdOf,
    // Node would refuse a request without a Host before anybody could give the answer its shape.
    http: { requireHostHeader: false },
    logController: new LogController({ disableRequestLogging: true }),
    logger: false,
    return503OnClosing: false,
    trustProxy: trustedProxies(config.trustedProxies),
  });
  const instance = adapter.getInstance() as unknown as FastifyInstance;
  recordRoutes(instance);
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.register(config, logger), adapter, {
    bodyParser: false,
    bufferLogs: true,
    abortOnError: false,
  });
  app.useLogger(app.get(NestLogger));
  addHooks(app, instance, config, requestLog);
  await acceptCookies(app, config);
  if (config.corsOrigins.length > 0) await app.register(cors, corsFor(config.corsOrigins));
  ignoreExpectations(app.getHttpServer());
  app.get(Drain).attach(app.getHttpServer());
  serveOpenApi(app);
  await app.init();
  await instance.ready();
  return app;
}

/** In this order: what comes first sees every request and answer. */
function addHooks(
  app: NestFastifyApplication,
  instance: FastifyInstance,
  config: Config,
  requestLog: RequestLog,
): void {
  acceptEmptyJson(instance);
  acceptForms(instance);
  markAnswers(instance, config.release);
  refuseMissingHost(instance);
  logRequests(instance, requestLog, app.get<Histogram>(getToken(REQUEST_DURATIONS)));
  protectPages(instance);
  forbidStoring(instance);
}
