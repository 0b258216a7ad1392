import type { IncomingMessage } from 'node:http';
import { isTrustedProxy, requestIdOf } from './request-hooks';

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
  it.each([undefined, '127.0.0.1', '::1', '::ffff:127.0.0.1'])('at %s may say for whom it speaks', (peer) => {
    expect(isTrustedProxy(peer)).toBe(true);
  });

  it.each(['10.0.0.1', '192.168.0.1', '203.0.113.7', '127.0.0.11', '::2', 'localhost', '', 'unknown'])(
    'at %j speaks for itself alone',
    (peer) => {
      expect(isTrustedProxy(peer)).toBe(false);
    },
  );
});
