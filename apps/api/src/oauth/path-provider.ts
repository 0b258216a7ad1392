import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { UnknownProvider } from './oauth.errors';
import { isProvider, PROVIDERS, type Provider } from './provider-profile';

/**
 * The provider in the path.
 *
 * @throws UnknownProvider
 */
export const PathProvider = createParamDecorator((_data: unknown, context: ExecutionContext): Provider => {
  const { params } = context.switchToHttp().getRequest<FastifyRequest<{ Params: { provider: string } }>>();
  if (isProvider(params.provider)) return params.provider;
  const reason = `must be one of ${PROVIDERS.join(', ')}`;
  throw new UnknownProvider([{ path: 'provider', reason, code: 1400 }]);
});

/** Documents {@link PathProvider}. */
export const ApiProvider = () =>
  ApiParam({
    name: 'provider',
    description: 'the login provider',
    schema: { type: 'string', enum: [...PROVIDERS], example: 'google' },
  });
