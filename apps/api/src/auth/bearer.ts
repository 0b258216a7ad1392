import { InvalidAuthorizationHeader } from './auth.errors';

/**
 * Reads the token out of an Authorization header: exactly two parts, the first exactly `Bearer`.
 *
 * @throws InvalidAuthorizationHeader
 */
export function bearerTokenOf(header: string | undefined): string {
  const parts = header?.split(' ') ?? [];
  const [scheme, token] = parts;
  if (parts.length !== 2 || scheme !== 'Bearer' || token === undefined || token === '') {
    throw new InvalidAuthorizationHeader();
  }
  return token;
}
