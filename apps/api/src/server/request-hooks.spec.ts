import type { IncomingMessage } from 'node:http';
import { requestIdOf, trustedProxies } from './request-hooks';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const idFor = (given?: string | string[]) =>
  requestIdOf({ headers: { 'x-request-id': given } } as unknown as IncomingMessage);

describe('the id of a request', () => {
  it.each(['12345678', 'a'.repeat(64), '0123456789abcdef0123456789abcdef', 'Aa0._-Aa0._-'])(
    'is the one that the caller gave, if it is plain: %s',
    (given) => {
      expect(idFor(given)).toBe(given);
    },
  );

  it.each([
    undefined,
    '',
    '1234567',
    'a'.repeat(65),
    'has blanks in it',
    'line\nbreak-line',
    '<script>alert(1)</script>',
    '{"a":"12345678"}',
    '한글한글한글한글',
    '12345678,12345678',
  ])('is a new one instead of %j', (given) => {
    expect(idFor(given)).toMatch(UUID);
  });

  it('is a new one each time', () => {
    expect(idFor()).not.toBe(idFor());
  });

  it('is a new one when the caller gave several', () => {
    expect(idFor(['12345678', '87654321'])).toMatch(UUID);
  });
});

describe('a peer', () => {
  const isTrusted = trustedProxies(['127.0.0.1', '::1', '10.1.0.0/16', '2001:db8::/32']);

  it.each([
    undefined,
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.1.0.0',
    '10.1.255.255',
    '::ffff:10.1.2.3',
    '2001:db8:ffff::1',
  ])('at %s may say for whom it speaks', (peer) => {
    expect(isTrusted(peer)).toBe(true);
  });

  it.each(['127.0.0.11', '10.0.255.255', '10.2.0.0', '203.0.113.7', '::2', '2001:db9::1'])(
    'at %s speaks for itself alone',
    (peer) => {
      expect(isTrusted(peer)).toBe(false);
    },
  );

  it.each(['localhost', '', 'unknown', '127.0.0.1:80', '127.0.0.1, 10.1.0.1', '[::1]', '가'])(
    'that calls itself %j speaks for itself alone',
    (peer) => {
      expect(isTrusted(peer)).toBe(false);
    },
  );

  it('is judged the same however often, and however many came between', () => {
    const crowd = Array.from({ length: 3_000 }, (_, n) => `10.${n % 3}.${n >> 8}.${n & 255}`);
    for (let turn = 1; turn <= 2; turn += 1)
      expect(crowd.filter((peer) => isTrusted(peer))).toEqual(
        crowd.filter((peer) => peer.startsWith('10.1.')),
      );
  });

  it('on a unix socket is trusted when nobody else is', () => {
    const isTrustedAlone = trustedProxies([]);
    expect([undefined, '127.0.0.1', '::1'].map(isTrustedAlone)).toEqual([true, false, false]);
  });
});
