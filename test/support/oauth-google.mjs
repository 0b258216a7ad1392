// @ts-check
import { createServer } from 'node:http';
// @ts-expect-error the package has no types
import { Provider } from 'oidc-provider';

/** An OpenID provider in a process of its own. Arguments: client id, secret, then the addresses to come back to. */
const [client_id = '', client_secret = '', ...redirect_uris] = process.argv.slice(2);

const server = createServer();
server.listen(0, '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const provider = new Provider(`http://127.0.0.1:${port}`, {
    clients: [{ client_id, client_secret, redirect_uris, token_endpoint_auth_method: 'client_secret_post' }],
    claims: { openid: ['sub'], profile: ['name', 'picture'], email: ['email', 'email_verified'] },
    cookies: { keys: ['a key of the tests'] },
    // Who is called so has not shown yet that the address is theirs.
    findAccount: (/** @type {unknown} */ _context, /** @type {string} */ login) => ({
      accountId: login,
      claims: () => ({
        sub: login,
        name: `${login} 님`,
        picture: `https://pictures.example/${encodeURIComponent(login)}`,
        email: 'shared@example.com',
        email_verified: !login.startsWith('unverified'),
      }),
    }),
  });
  server.on('request', provider.callback());
  process.stdout.write(`listening on ${port}\n`);
});

// Whoever started this holds the other end: it ends with them, whatever happens to them.
process.stdin.resume().on('end', () => process.exit());
