import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { ERROR_CATALOGUE } from '../../apps/api/src/error-codes/catalogue';
import { registeredRoutes } from '../../apps/api/src/http/routes';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { startApi, type TestApi } from '../support/api';
import { newFolder } from '../support/api-process';
import { ask } from '../support/wire';
import { shortcomings } from '../support/openapi-shortcomings';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** Anything that is open to everybody is on this list on purpose. */
const PUBLIC = [
  'GET /api/v2/auth/oauth/{provider}',
  'GET /api/v2/auth/oauth/{provider}/callback',
  'GET /api/v2/calendar-feeds/{token}.ics',
  'GET /api/v2/error-code',
  'GET /api/v2/time',
  'GET /health/live',
  'GET /health/ready',
  'GET /metrics',
  'POST /api/admin/login',
  'POST /api/admin/logout',
  'POST /api/v2/auth/guest',
  'POST /api/v2/auth/login',
  'POST /api/v2/auth/logout',
  'POST /api/v2/auth/refresh',
  'POST /drain',
];

const named = () =>
  api.document.operations().map((one) => ({ ...one, name: `${one.method.toUpperCase()} ${one.path}` }));

describe('the OpenAPI document', () => {
  it('describes every route that the server has', () => {
    const isItself = (path: string) => path === '*' || /^\/(swagger-ui|v3\/api-docs)/.test(path);
    const routes = registeredRoutes(api.app.getHttpAdapter().getInstance())
      .filter(({ path }) => !isItself(path))
      .flatMap(({ path, methods }) =>
        [...methods].map((method) => `${method} ${path.replace(/:(\w+)/g, '{$1}')}`),
      )
      .filter((route) => !route.startsWith('HEAD '));
    expect(
      named()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(routes.sort());
    expect(routes.length).toBeGreaterThan(20);
  });

  it('says of every operation what it does, who may, what goes in and out, and how it can fail', () => {
    expect(named().flatMap((one) => shortcomings(api.document.document, one))).toEqual([]);
  });

  it("wants a token, or an administrator's session, for everything but what is public on purpose", () => {
    const all = named();
    const open = all.filter(({ operation }) => operation.security === undefined);
    expect(open.map(({ name }) => name).sort()).toEqual(PUBLIC);
    for (const { path, operation } of all.filter((one) => !open.includes(one))) {
      const key = path.startsWith('/api/admin/') ? 'adminSession' : 'bearer';
      expect(operation.security).toEqual([{ [key]: [] }]);
    }
    const schemes = api.document.document.components?.securitySchemes;
    expect(schemes).toHaveProperty('bearer.scheme', 'bearer');
    expect(schemes).toHaveProperty('adminSession.name', 'JSESSIONID');
  });

  it('names each failure with a code of the catalogue, its own status and text', () => {
    const known = new Map(ERROR_CATALOGUE.map((error) => [error.code, error]));
    for (const { operation, name } of named()) {
      for (const [status, answer] of Object.entries(operation.responses)) {
        const content = (answer as { content?: Record<string, { examples?: object }> } | undefined)?.content;
        const examples = Object.values(content?.['application/problem+json']?.examples ?? {}) as {
          value: { code: number; status: number; message: string };
        }[];
        for (const { value } of examples)
          expect([name, status, value.message]).toEqual([
            name,
            String(value.status),
            known.get(value.code)?.message,
          ]);
      }
    }
  });

  it('gives every operation a name of its own', () => {
    const ids = named().map(({ operation }) => operation.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it('is valid OpenAPI 3.0', () => {
    const file = join(newFolder(), 'openapi.json');
    writeFileSync(file, JSON.stringify(api.document.document));
    const validator = join(ROOT, 'node_modules/@seriousme/openapi-schema-validator/bin/validate-api-cli.js');
    const verdict = execFileSync(process.execPath, [validator, file], { encoding: 'utf8' });
    expect(JSON.parse(verdict)).toEqual({ valid: true });
    expect(api.document.document.openapi).toMatch(/^3\.0\./);
  });

  it('is served as YAML, too', async () => {
    const { status, text } = await ask(api.baseUrl, '/v3/api-docs.yaml');
    expect(status).toBe(200);
    expect(parse(text)).toEqual(api.document.document);
  });
});

describe('Swagger UI', () => {
  it('comes with everything that its page asks for', async () => {
    const page = await ask(api.baseUrl, '/swagger-ui');
    expect([page.status, page.headers['content-type']]).toEqual([200, expect.stringContaining('text/html')]);
    const assets = [...page.text.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path]) => path ?? '');
    expect(assets.length).toBeGreaterThanOrEqual(4);
    for (const asset of assets) {
      const { pathname } = new URL(asset, `${api.baseUrl}/swagger-ui`);
      const { status, headers, text } = await ask(api.baseUrl, pathname);
      expect([pathname, status, text.length > 0]).toEqual([pathname, 200, true]);
      expect(String(headers['content-type'])).toMatch(/css|javascript|png/);
    }
  });

  it('may load its own files and nothing else, and does not ask for TLS', async () => {
    const { headers, text } = await ask(api.baseUrl, '/swagger-ui');
    expect(headers['content-security-policy']).not.toContain('upgrade-insecure-requests');
    expect(headers['content-security-policy']).toContain("default-src 'self'");
    // A script inside the page would not run under this policy.
    expect(text.match(/<script(?![^>]*\bsrc=)/g)).toBeNull();
    expect(text.match(/(?:src|href)="https?:/g)).toBeNull();
  });

  it('shows the whole service', async () => {
    const { text } = await ask(api.baseUrl, '/swagger-ui/swagger-ui-init.js');
    for (const { path } of named()) expect(text).toContain(`"${path}"`);
  });
});
