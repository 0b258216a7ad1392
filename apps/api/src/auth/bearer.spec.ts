import { InvalidAuthorizationHeader } from './auth.errors';
import { bearerTokenOf } from './bearer';

describe('the Authorization header', () => {
  it('carries the token after exactly "Bearer" and one blank', () => {
    expect(bearerTokenOf('Bearer aaa.bbb.ccc')).toBe('aaa.bbb.ccc');
  });

  it.each([
    undefined,
    '',
    ' ',
    'Bearer',
    'Bearer ',
    'Bearer  aaa',
    ' Bearer aaa',
    'Bearer aaa ',
    'Bearer aaa bbb',
    'bearer aaa',
    'BEARER aaa',
    'Basic aaa',
    'Token aaa',
    'aaa',
    'Beareraaa',
    'Bearer\taaa',
    'aaa Bearer',
  ])('is ill-formed as %j', (header) => {
    expect(() => bearerTokenOf(header)).toThrow(InvalidAuthorizationHeader);
  });
});
