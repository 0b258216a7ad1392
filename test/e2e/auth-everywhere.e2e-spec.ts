import { startApi, type TestApi } from '../support/api';
import type { Problem } from '../support/api-client';
import { aGuest, refusal, type Person } from '../support/people';

let api: TestApi;
let guest: Person;
beforeAll(async () => {
  api = await startApi();
  guest = await aGuest(api.client);
});
afterAll(() => api.stop());

const FORGED = 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMiJ9.c3RhbGU';
/** Those on which the web client refreshes or signs out. */
const SESSION_CODES = [1402, 1403, 1404, 1405];

/** The contract: everything but these wants a token. Calendar programs send none: their address is the secret. */
const isPublic = (path: string) =>
  !path.startsWith('/api/v2/') || /^\/api\/v2\/(auth\/|error-code$|time$|calendar-feeds\/)/.test(path);

const operations = (wanted: (path: string) => boolean) =>
  api.document
    .operations()
    .filter(({ path }) => wanted(path))
    .map(({ method, path }) => ({ method: method.toUpperCase(), path }));
const at = (path: string, id: number | string) => path.replace(/\{[^}]+\}/g, String(id));

describe('every route that is not public', () => {
  it('is one of those that the contract has', () => {
    expect(operations((path) => !isPublic(path)).length).toBeGreaterThanOrEqual(18);
  });

  it('wants a token before it looks at anything else', async () => {
    for (const { method, path } of operations((one) => !isPublic(one))) {
      const answer = await api.client.send(method, at(path, 'x'), {});
      expect([method, path, ...refusal(answer)]).toEqual([method, path, 400, 1404]);
    }
  });

  it('refuses a forged token', async () => {
    for (const { method, path } of operations((one) => !isPublic(one))) {
      const answer = await api.client.send(method, at(path, 1), { token: FORGED });
      expect([method, path, ...refusal(answer)]).toEqual([method, path, 401, 1403]);
    }
  });

  it.each(['x', '0', '-1', '1.5', '99999999999', '99999999999999999999'])(
    'never ends the session of one who is logged in, and never fails, with the id %j',
    async (id) => {
      for (const { method, path } of operations((one) => !isPublic(one))) {
        for (const ask of asks(id)) {
          const address = at(path, id) + (method === 'GET' ? `?studyId=${id}&participantId=${id}` : '');
          const { status, body } = await api.client.send<Problem>(method, address, {
            token: guest.token,
            body: method === 'POST' ? ask : undefined,
          });
          const told = JSON.stringify([method, path, ask, status, body]);
          expect([told, SESSION_CODES.includes(body.code)]).toEqual([told, false]);
          expect([told, status < 500]).toEqual([told, true]);
        }
      }
    },
  );
});

describe('a public route', () => {
  it.each([undefined, FORGED, '', 'x y'])('asks for no token and does not mind %j', async (token) => {
    const found = operations(isPublic);
    expect(found.length).toBeGreaterThanOrEqual(5);
    for (const { method, path } of found) {
      const { status, body } = await api.client.send<Problem>(method, at(path, 1), { token });
      expect([method, path, status < 500, [1403, 1404].includes(body.code)]).toEqual([
        method,
        path,
        true,
        false,
      ]);
    }
  });
});

function asks(id: string): unknown[] {
  return [undefined, {}, { memberId: id, participantId: id, plan: null, retrospect: 1, nickname: null }];
}
