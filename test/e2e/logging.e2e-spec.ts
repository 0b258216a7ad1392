import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, TEST_SECRET, type TestApi } from '../support/api';
import { clientOf, migratedDatabase, startApiProcess } from '../support/api-process';
import { advance, aGuest, aLobby, aNewcomer, aSoloStudy, codeOf, type Seat } from '../support/people';
import { ask } from '../support/wire';

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ RELEASE: 'r-log', COLOUR: 'blue' });
});
afterAll(() => api.stop());

const INFO = 30;
const ERROR = 50;

/** The lines that belong to a request. */
const linesOf = (requestId: string) => api.logs.filter((line) => line['requestId'] === requestId);

describe('a request', () => {
  it('is one line that says who asked for what, how it ended and how long it took', async () => {
    const me = await aSoloStudy(api.client);
    const headers = { 'x-request-id': 'line-of-progress', 'x-forwarded-for': '203.0.113.7' };
    await api.client.get(`/api/v2/progress?studyId=${me.studyId}`, { token: me.token, headers });
    expect(linesOf('line-of-progress')).toEqual([
      {
        level: INFO,
        time: expect.any(Number) as unknown,
        msg: 'request',
        release: 'r-log',
        colour: 'blue',
        pid: process.pid,
        requestId: 'line-of-progress',
        memberId: me.memberId,
        method: 'GET',
        route: '/api/v2/progress',
        status: 200,
        durationMs: expect.any(Number) as unknown,
        ip: '203.0.113.7',
      },
    ]);
    expect(Number(linesOf('line-of-progress')[0]?.['durationMs'])).toBeGreaterThan(0);
  });

  it('that is refused is one line, too, with the code and without a stack', async () => {
    const { token } = await aGuest(api.client);
    const headers = { 'x-request-id': 'line-of-refusal' };
    await api.client.get('/api/v2/studies/4294967295', { token, headers });
    expect(linesOf('line-of-refusal')).toEqual([
      expect.objectContaining({ level: INFO, route: '/api/v2/studies/:studyId', status: 404, code: 1302 }),
    ]);
    expect(linesOf('line-of-refusal')[0]).not.toHaveProperty('err');
  });

  it('of nobody in particular has no member', async () => {
    await ask(api.baseUrl, '/api/v2/me', { headers: { 'x-request-id': 'line-of-nobody' } });
    expect(linesOf('line-of-nobody')).toEqual([expect.objectContaining({ status: 400, code: 1404 })]);
    expect(linesOf('line-of-nobody')[0]).not.toHaveProperty('memberId');
  });

  it('is logged under its route, so that no address holds what people typed', async () => {
    const { token } = await aGuest(api.client);
    const headers = { 'x-request-id': 'line-of-code' };
    await api.client.get('/api/v2/studies?participantCode=QWERTY', { token, headers });
    expect(linesOf('line-of-code')).toEqual([expect.objectContaining({ route: '/api/v2/studies' })]);
    expect(JSON.stringify(linesOf('line-of-code'))).not.toContain('QWERTY');
  });

  it.each(['/health/live', '/health/ready', '/metrics', '/api/v2/time'])(
    'that monitors send all the time is no line: %s',
    async (path) => {
      const id = `line-of-${path.replaceAll('/', '-')}`;
      await ask(api.baseUrl, path, { headers: { 'x-request-id': id } });
      expect(linesOf(id)).toEqual([]);
    },
  );
});

describe('an unexpected error', () => {
  it('is logged with its stack and its request, and the caller is told nothing but the id', async () => {
    const host = await aLobby(api.client);
    await api.sql('RENAME TABLE content TO content_away');
    const answer = await api.client.get<Record<string, unknown>>(
      `/api/v2/studies/${host.studyId}/contents?participantId=${host.participantId}`,
      { token: host.token, headers: { 'x-request-id': 'line-of-failure' } },
    );
    await api.sql('RENAME TABLE content_away TO content');
    expect(answer.body).toMatchObject({ status: 500, code: 1690, title: 'Unexpected error' });
    expect(answer.headers.get('x-request-id')).toBe('line-of-failure');
    expect(JSON.stringify(answer.body)).not.toMatch(/content|SELECT|Table|at /);
    expect(linesOf('line-of-failure')).toEqual([
      expect.objectContaining({
        level: ERROR,
        msg: 'unexpected error',
        err: {
          type: 'Error',
          code: 'ER_NO_SUCH_TABLE',
          message: expect.stringContaining("content' doesn't exist") as unknown,
          stack: expect.stringMatching(/\n\s+at /) as unknown,
        },
      }),
      expect.objectContaining({ level: ERROR, msg: 'request', status: 500, code: 1690 }),
    ]);
  });

  it('of the database holds neither the statement nor what people wrote', async () => {
    const me = await aSoloStudy(api.client);
    await api.sql('ALTER TABLE content MODIFY plan VARCHAR(4)');
    const plan = { toDo: 'my innermost thoughts' };
    const body = { participantId: me.participantId, plan };
    const path = `/api/v2/studies/${me.studyId}/contents/write-plan`;
    const headers = { 'x-request-id': 'line-of-thoughts' };
    const { status } = await api.client.post(path, { token: me.token, body, headers });
    await api.sql('ALTER TABLE content MODIFY plan MEDIUMTEXT');
    expect(status).toBe(500);
    const told = JSON.stringify(linesOf('line-of-thoughts'));
    expect(told).toContain('ER_DATA_TOO_LONG');
    expect(told).not.toMatch(/innermost|UPDATE|SET plan/);
  });

  it('about a value that the database quotes does not quote it', async () => {
    const host = await aLobby(api.client);
    await api.sql('ALTER TABLE participant ADD UNIQUE KEY once (study_id, nickname)');
    const refused = aNewcomer(api.client, host, '방장').catch((error: unknown) => String(error));
    expect(await refused).toContain('500');
    await api.sql('ALTER TABLE participant DROP KEY once');
    const told = JSON.stringify(api.logs.filter(({ level }) => Number(level) >= ERROR));
    expect(told).toContain('ER_DUP_ENTRY');
    expect(told).not.toContain('방장');
  });
});

describe('the whole output of a server that knew secrets', () => {
  it('holds no token, no cookie, no body, no code and no password', async () => {
    const database = await migratedDatabase();
    const server = await startApiProcess({ DATABASE_URL: database.url, LOG_LEVEL: 'trace' });
    const client = await clientOf(server);
    const host = await aLobby(client, { name: '비밀이름' });
    const code = await codeOf(client, host);
    const guest = await aNewcomer(client, host, '비밀별명');
    await advance(client, host, 1);
    await leaveTraces(server.address, host);
    const tokens = [host.token, guest.token].flatMap((token) => [token, ...token.split('.')]);

    server.signal('SIGTERM');
    expect((await server.end()).code).toBe(0);
    const output = server.stdout() + server.stderr();
    const secrets = [
      '비밀',
      'C00kie',
      'Basic',
      's3cret',
      'private thoughts',
      'key-0f-once',
      code,
      TEST_SECRET,
    ];
    expect(
      [...tokens.slice(0, 1), ...tokens.slice(2), ...secrets].filter((one) => output.includes(one)),
    ).toEqual([]);
    expect(server.logs().filter(({ msg }) => msg === 'request').length).toBeGreaterThan(12);
    expect(server.stderr()).toBe('');
    await database.drop();
  });

  /** Sends what must not be written down, in all the places where it can stand. */
  async function leaveTraces(address: string, host: Seat): Promise<void> {
    const json = { 'content-type': 'application/json', authorization: `Bearer ${host.token}` };
    const contents = `/api/v2/studies/${host.studyId}/contents/write-plan`;
    const plan = { participantId: host.participantId, plan: { toDo: 'private thoughts' } };
    const requests: readonly [string, string, Record<string, string>, string?][] = [
      ['GET', '/api/v2/me', { ...json, cookie: 'refreshToken=C00kie', 'x-api-key': 's3cret' }],
      ['GET', '/api/v2/me', { authorization: 'Basic czNjcmV0' }],
      ['GET', '/api/v2/me?accessToken=s3cret', { authorization: 'Bearer s3cret' }],
      ['GET', '/s3cret/%ff?password=s3cret', {}],
      ['GET', '/s3cret', { cookie: 'JSESSIONID=C00kie' }],
      ['POST', contents, { ...json, 'idempotency-key': 'key-0f-once' }, JSON.stringify(plan)],
      ['POST', contents, json, '{"private thoughts'],
      ['POST', contents, { ...json, 'content-type': 'text/plain' }, 'private thoughts'],
      ['POST', '/api/v2/auth/guest', json, '{"password":"s3cret"}'],
    ];
    for (const [method, path, headers, body] of requests) await ask(address, path, { method, headers, body });
  }
});

describe('the log of a server', () => {
  it('begins with the address and ends with its end, each line JSON of the same release and colour', async () => {
    const database = await migratedDatabase();
    const server = await startApiProcess({ DATABASE_URL: database.url, RELEASE: 'r9', COLOUR: 'green' });
    const last = () => server.logs().some(({ msg }) => msg === 'ended');
    server.signal('SIGTERM');
    await waitFor(last, { timeoutMs: 10_000, what: 'the last line' });
    await server.end();
    const lines = server.stdout().trimEnd().split('\n');
    expect(lines).toHaveLength(server.logs().length);
    for (const line of server.logs())
      expect(line).toMatchObject({
        release: 'r9',
        colour: 'green',
        pid: server.pid,
        time: expect.any(Number) as unknown,
      });
    expect(server.logs()).toContainEqual(
      expect.objectContaining({ msg: 'listening', address: server.address }),
    );
    await database.drop();
  });
});
