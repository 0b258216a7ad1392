import { createHmac } from 'node:crypto';

/**
 * The PKCE verifier of a login (RFC 7636): derived from its state, so that it is stored nowhere. Whoever sees the state
 * on its way cannot derive it without the secret.
 */
export function deriveVerifier(secret: string, state: string): string {
  return createHmac('sha256', secret).update(`pkce.${state}`).digest('base64url');
}
