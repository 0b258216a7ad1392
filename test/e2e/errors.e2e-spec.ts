import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import { aGuest, aLobby, aSoloStudy, expectStatus, type Person, type Seat } from '../support/people';

let api: TestApi;
let me: Person;
let host: Seat;

beforeAll(async () => {
  api = await startApi({ RELEASE: 'r-errors' });
  me = await aGuest(api.client);
  host = await aLobby(api.client);
});
afterAll(() => api.stop());

const STUDY = { name: '알고리즘', totalCycle: 2, timePerCycle: 25 };
const open = (body: unknown, headers: Record<string, string> = {}) =>
  api.client.post('/api/v2/studies', { token: me.token, body, headers });

/** Checks the one shape of every failure. */
function expectProblem(answer: Answer, status: number, code: number): void {
  const problem = answer.body as Record<string, unknown>;
  expect(problem).toMatchObject({ status, code });
  expect(answer.status).toBe(status);
  expect(answer.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(answer.headers.get('x-request-id')).toMatch(/^[\w.-]{8,64}$/);
  expect(answer.headers.get('x-release')).toBe('r-errors');
  expect(problem['type']).toBe(`/api/v2/error-code#${code}`);
  expect(problem['title']).toMatch(/^[A-Z][a-z ]+$/);
  expect(problem['detail']).toMatch(/^\S.*\S$/);
  expect(problem['message']).toMatch(/[가-힣]/);
}

describe('a path or a method that is not there', () => {
  it.each([
    '/nowhere',
    '/api/v2',
    '/api/v2/nowhere',
    '/api/v3/me',
    '/api/v2/me/',
    '//api/v2/me',
    '/API/V2/ME',
    '/api/v2/studies/1/nowhere',
    '/.env',
  ])('answers GET %s with 404', async (path) => {
    expectProblem(await api.client.get(path), 404, 1602);
  });

  it.each([
    ['PUT', '/api/v2/me', 'GET, HEAD, PATCH'],
    ['DELETE', '/api/v2/studies', 'GET, HEAD, POST'],
    ['PATCH', '/api/v2/studies/7', 'GET, HEAD'],
    ['GET', '/api/v2/studies/7/next-step', 'POST'],
    ['GET', '/api/v2/auth/guest', 'POST'],
    ['POST', '/api/v2/studies/7/participants/31', 'DELETE, GET, HEAD'],
    ['POST', '/health/live', 'GET, HEAD'],
    ['PUT', '/metrics', 'GET, HEAD'],
    ['DELETE', '/v3/api-docs', 'GET, HEAD'],
    ['POST', '/api/v2/me?x=1', 'GET, HEAD, PATCH'],
  ])('answers %s %s with 405 and the methods that it takes', async (method, path, allow) => {
    const answer = await api.client.send(method, path, { token: me.token });
    expectProblem(answer, 405, 1603);
    expect(answer.headers.get('allow')).toBe(allow);
  });
});

describe('a body that is no JSON object', () => {
  it.each([
    '{',
    '{"name":',
    '{"name":"a"}}',
    'nonsense',
    "{'name':'a'}",
    '{"name":01}',
    '"\u0000"',
    '\ufeff{',
  ])('answers %j with 400: no JSON', async (body) => {
    expectProblem(await open(body), 400, 1601);
  });

  it.each(['null', '7', '"text"', 'true', '[]', '[{"name":"a"}]'])(
    'answers %s with 400: no object',
    async (body) => {
      const answer = await open(body);
      expectProblem(answer, 400, 1600);
      expect(answer.body).toMatchObject({ detail: 'the body must be a JSON object', errors: [{ path: '' }] });
    },
  );

  it.each([
    '{"__proto__":{"name":"a"},"name":"a","totalCycle":1,"timePerCycle":20}',
    '{"name":"a","totalCycle":1,"timePerCycle":20,"x":{"__proto__":{"admin":true}}}',
    '{"name":"a","totalCycle":1,"timePerCycle":20,"constructor":{"prototype":{"admin":true}}}',
    '{"\\u005f_proto__":{"name":"a"}}',
  ])('answers keys that would change every object with 400: %s', async (body) => {
    expectProblem(await open(body), 400, 1601);
    expect(({} as Record<string, unknown>)['admin']).toBeUndefined();
  });

  it.each(['', ' \n\t'])('takes %j for no body at all: every field is missing', async (body) => {
    const answer = await open(body);
    expectProblem(answer, 400, 1304);
    expect(answer.body).toMatchObject({
      errors: [{ path: 'name' }, { path: 'totalCycle' }, { path: 'timePerCycle' }],
    });
  });

  it('takes no body where none is needed, although every request says that it is JSON', async () => {
    expectStatus(200, await api.client.post('/api/v2/auth/guest', { body: '' }));
    expectStatus(200, await api.client.get('/api/v2/me', { token: me.token }));
  });
});

describe('a body of another type', () => {
  it.each([
    'text/plain',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/xml',
    'application/jsonp',
    'text/json',
    'garbage',
    '/',
  ])('%s is answered with 415', async (type) => {
    expectProblem(await open(JSON.stringify(STUDY), { 'content-type': type }), 415, 1605);
  });

  it.each(['application/json', 'application/json; charset=utf-8', 'APPLICATION/JSON;charset=UTF-8'])(
    '%s is taken',
    async (type) => {
      expectStatus(201, await open(JSON.stringify(STUDY), { 'content-type': type }));
    },
  );
});

describe('a body of more than 1 MiB', () => {
  const MIB = 1_048_576;
  const ofBytes = (bytes: number) => {
    const empty = JSON.stringify({ ...STUDY, padding: '' });
    return JSON.stringify({ ...STUDY, padding: 'x'.repeat(bytes - Buffer.byteLength(empty)) });
  };

  it('is answered with 413, one of exactly 1 MiB is read', async () => {
    expectStatus(201, await open(ofBytes(MIB)));
    expectProblem(await open(ofBytes(MIB + 1)), 413, 1604);
  });

  it('is counted in bytes, not in characters', async () => {
    const body = JSON.stringify({ ...STUDY, padding: '가'.repeat(MIB / 3) });
    expect(body.length).toBeLessThan(MIB);
    expectProblem(await open(body), 413, 1604);
  });
});

const STRANGE_IDS = ['0', '-1', '1.5', '0x10', '1e3', '%201', '+1', '1%00', 'abc', '%F0%9F%8D%A3', 'null'];
const HUGE_IDS = ['9007199254740992', '18446744073709551616', '1'.repeat(99)];

describe('an id that is none', () => {
  it.each([...STRANGE_IDS, ...HUGE_IDS])('%s in the path is answered with 400', async (id) => {
    const answers = await Promise.all([
      api.client.get(`/api/v2/studies/${id}`, { token: me.token }),
      api.client.post(`/api/v2/studies/${id}/next-step`, { token: me.token }),
      api.client.get(`/api/v2/studies/${host.studyId}/participants/${id}`, { token: host.token }),
      api.client.delete(`/api/v2/studies/${host.studyId}/participants/${id}`, { token: host.token }),
    ]);
    for (const answer of answers) expectProblem(answer, 400, 1600);
  });

  it.each([...STRANGE_IDS, ...HUGE_IDS, ''])('"%s" in the query is answered with 400', async (id) => {
    const paths = ['waiting?studyId', 'progress?studyId', 'submitted?studyId', 'participant-codes?studyId'];
    for (const path of [...paths, `studies?memberId`]) {
      // In a query a plus is a blank.
      const answer = await api.client.get(`/api/v2/${path}=${id}`, { token: host.token });
      expectProblem(answer, 400, 1600);
      expect(answer.body).toMatchObject({ errors: [{ path: path.split('?')[1] }] });
    }
  });

  it.each([0, -1, 1.5, '0x1', null, true, [1], {}, 1e21])(
    '%j in a body is answered with 400',
    async (memberId) => {
      const body = { memberId, nickname: '루나' };
      const path = `/api/v2/studies/${host.studyId}/participants`;
      expectProblem(await api.client.post(path, { token: host.token, body }), 400, 1600);
    },
  );

  it.each(['4294967295', '4294967296', '9007199254740991'])(
    'but could be one, %s, is not found',
    async (id) => {
      expectProblem(await api.client.get(`/api/v2/studies/${id}`, { token: me.token }), 404, 1302);
      expectProblem(await api.client.get(`/api/v2/progress?studyId=${id}`, { token: me.token }), 404, 1302);
    },
  );
});

describe('a parameter that comes twice', () => {
  it.each([
    'progress?studyId=1&studyId=2',
    'progress?studyId=1&studyId=1',
    'waiting?studyId[]=1',
    'waiting?studyId[$gt]=1',
    'studies?participantCode=ABCDEF&participantCode=GHIJKL',
    'studies?memberId=1&memberId=2',
  ])('or as a list is answered with 400: %s', async (path) => {
    expectProblem(await api.client.get(`/api/v2/${path}`, { token: me.token }), 400, 1600);
  });
});

describe('a text with NUL bytes or half a character in it', () => {
  const TEXTS = ['a\u0000b', '\ud800', '\udc00a', 'a\ud83d', '\uffff', '\u202e', "'; DROP TABLE study; --"];

  it.each(TEXTS)('as a name breaks nothing: %j', async (text) => {
    const study = await open({ ...STUDY, name: text.slice(0, 10) });
    expectStatus(201, study);
    const path = String(study.headers.get('location'));
    const join = { memberId: me.memberId, nickname: text.slice(0, 10) };
    expectStatus(201, await api.client.post(`${path}/participants`, { token: me.token, body: join }));
    expectStatus(200, await api.client.get(path, { token: me.token }));
    expectStatus(200, await api.client.get(`${path}/participants`, { token: me.token }));
  });

  it.each(TEXTS)('is kept as it is in a plan: %j', async (text) => {
    const seat = await aSoloStudy(api.client);
    const path = `/api/v2/studies/${seat.studyId}/contents`;
    const body = { participantId: seat.participantId, plan: { toDo: text, [text]: 'as a key' } };
    expectStatus(200, await api.client.post(`${path}/write-plan`, { token: seat.token, body }));
    const kept = await api.client.get<{ content: { plan: object }[] }>(
      `${path}?participantId=${seat.participantId}&cycle=1`,
      { token: seat.token },
    );
    expect(kept.body.content[0]?.plan).toEqual(body.plan);
  });

  it.each(['%00', '%ED%A0%80', 'AB%00DEF', '%F0%9F%8D%A3', '%'])(
    'is no participant code: %s',
    async (code) => {
      const path = `/api/v2/studies?participantCode=${code}`;
      expectProblem(await api.client.get(path, { token: me.token }), 404, 1300);
    },
  );

  it.each(['abc\tdef', 'abc def', 'é', 'a'.repeat(256)])('is no Idempotency-Key: %j', async (key) => {
    expectProblem(await open(STUDY, { 'idempotency-key': key }), 400, 1610);
  });
});
