const NAME = 'refreshToken';
const PRESENT = new RegExp(`(?:^|;\\s*)${NAME}=[^;\\s]`);

/** Takes the cookie away from the browser. */
export const DELETED_REFRESH_COOKIE = `${NAME}=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Lax`;

/** Whether a `Cookie` header holds a refresh token. */
export function hasRefreshCookie(header: string | undefined): boolean {
  return PRESENT.test(header ?? '');
}
