import type { ExecutionContext } from '@nestjs/common';
import { RouteNotFound } from '../http/http.errors';
import { OperatorGuard } from './operator.guard';

const asks = (remoteAddress: string | undefined, headers: Readonly<Record<string, string>> = {}) => {
  const getRequest = () => ({ raw: { headers, socket: { remoteAddress } } });
  return { switchToHttp: () => ({ getRequest }) } as unknown as ExecutionContext;
};
const guard = new OperatorGuard();

describe('a route of operators', () => {
  it.each([undefined, '127.0.0.1', '127.8.9.10', '::1', '::ffff:127.0.0.1'])(
    'is there for a peer at %s',
    (address) => expect(guard.canActivate(asks(address))).toBe(true),
  );

  it.each(['192.0.2.7', '10.0.0.1', '2001:db8::1', '::ffff:192.0.2.7', 'fe80::1%eth0'])(
    'is not there for a peer at %s',
    (address) => expect(() => guard.canActivate(asks(address))).toThrow(RouteNotFound),
  );

  it.each([undefined, '127.0.0.1'])('is not there for what a proxy hands on from %s', (address) => {
    const headers = { 'x-forwarded-for': '127.0.0.1' };
    expect(() => guard.canActivate(asks(address, headers))).toThrow(RouteNotFound);
  });
});
