import { waitFor } from '../../scripts/lib/wait.mjs';
import { startApi, type TestApi } from '../support/api';
import { aGuest } from '../support/people';
import { ask, exchange, RawConnection, type WireAnswer } from '../support/wire';

let api: TestApi;
let token: string;

beforeAll(async () => {
  api = await startApi({ RELEASE: 'r-wire' });
  ({ token } = await aGuest(api.client));
});
afterAll(() => api.stop());

const say = (...lines: readonly string[]) => exchange(api.baseUrl, `${lines.join('\r\n')}\r\n\r\n`);
const get = (path: string, ...headers: readonly string[]) =>
  say(`GET ${path} HTTP/1.1`, 'Host: haru.example', 'Connection: close', ...headers);

function expectProblem(answer: WireAnswer, status: number, code: number): void {
  expect([answer.status, answer.headers['content-type']]).toEqual([
    status,
    'application/problem+json; charset=utf-8',
  ]);
  const problem = JSON.parse(answer.text) as Record<string, unknown>;
  expect(problem).toMatchObject({ type: `/api/v2/error-code#${code}`, status, code });
  expect(Object.keys(problem)).toEqual(expect.arrayContaining(['title', 'detail', 'message']));
  expect(answer.headers['x-release']).toBe('r-wire');
  expect(answer.headers['content-length']).toBe(String(Buffer.byteLength(answer.text)));
}

function expectProblemOfRequest(answer: WireAnswer, status: number, code: number): void {
  expectProblem(answer, status, code);
  expect(answer.headers['x-request-id']).toMatch(/^[\w.-]{8,64}$/);
}

describe('what is not HTTP', () => {
  it.each([
    ['words', 'hello, is anybody there?\r\n\r\n'],
    ['the beginning of TLS', Buffer.from('16030100a5010000a10303', 'hex')],
    ['a method that nobody knows', 'FROBNICATE / HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['a version that nobody knows', 'GET / HTTP/9.9\r\nHost: x\r\n\r\n'],
    ['a header without a name', 'GET / HTTP/1.1\r\nHost: x\r\n: x\r\n\r\n'],
    ['a NUL in a header', 'GET / HTTP/1.1\r\nHost: x\r\nX-Y: a\0b\r\n\r\n'],
    ['bytes beyond ASCII in the path', 'GET /스터디 HTTP/1.1\r\nHost: x\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx'],
    ['a length that is no number', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: one\r\n\r\nx'],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
  ])('is answered with 400 in the one shape: %s', async (_what, bytes) => {
    const answer = await exchange(api.baseUrl, bytes);
    expectProblem(answer, 400, 1607);
    expect(answer.headers['connection']).toBe('close');
  });

  it('gets 431 when its headers are too large, or its address', async () => {
    expectProblem(await get('/api/v2/time', `X-Padding: ${'x'.repeat(20_000)}`), 431, 1606);
    expectProblem(await get(`/${'x'.repeat(20_000)}`), 431, 1606);
  });

  it('gets 400 when it breaks off in the middle of the chunks of a body', async () => {
    const head = ['POST /api/v2/studies HTTP/1.1', 'Host: x', `Authorization: Bearer ${token}`];
    const answer = await say(
      ...head,
      'Content-Type: application/json',
      'Transfer-Encoding: chunked',
      '',
      'zz',
    );
    expectProblem(answer, 400, 1607);
  });

  it('does not harm the next one', async () => {
    expect((await get('/api/v2/time')).status).toBe(200);
  });
});

describe('HTTP that is unusual', () => {
  it.each([
    '/%ff',
    '/api/v2/studies/%ff',
    '/api/v2/studies/%',
    '/%c0%af',
    '/api/v2/studies/%zz/participants',
  ])('gets 400 for a path that stands for no text: %s', async (path) => {
    expectProblemOfRequest(await get(path), 400, 1607);
  });

  it('is written to the log, although no route ever sees it', async () => {
    await get('/%ff', 'X-Request-Id: wire-bad-path');
    expect(api.logs.filter(({ requestId }) => requestId === 'wire-bad-path')).toEqual([
      expect.objectContaining({ msg: 'request', method: 'GET', status: 400, code: 1607, ip: '127.0.0.1' }),
    ]);
  });

  it('gets 400 for an id of hundreds of digits', async () => {
    expectProblemOfRequest(await get(`/api/v2/studies/${'1'.repeat(300)}`), 400, 1607);
  });

  it.each([
    ['/swagger-ui/../../../etc/passwd', 400, 1607],
    ['/swagger-ui/%2e%2e/%2e%2e/package.json', 400, 1607],
    ['/swagger-ui/..%2findex.js', 404, 1602],
    ['/swagger-ui/nothing.js', 404, 1602],
  ])('finds no file outside of the pages: %s', async (path, status, code) => {
    expectProblemOfRequest(await get(path), status, code);
  });

  it('gets 400 without a Host, which HTTP/1.1 wants; HTTP/1.0 does not', async () => {
    expectProblemOfRequest(await say('GET /api/v2/time HTTP/1.1', 'Connection: close'), 400, 1607);
    expect((await say('GET /api/v2/time HTTP/1.0')).status).toBe(200);
  });

  it('is answered whatever it expects, and waits for its "100 Continue"', async () => {
    expect((await get('/api/v2/time', 'Expect: miracles')).status).toBe(200);
    const connection = await RawConnection.open(api.baseUrl);
    connection.say('POST /api/v2/auth/guest HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n');
    connection.say('Content-Type: application/json\r\nContent-Length: 2\r\nConnection: close\r\n\r\n');
    await connection.untilSaid('HTTP/1.1 100 Continue');
    connection.say('{}');
    expect(await connection.untilClosed()).toContain('HTTP/1.1 200 OK');
  });

  it('is answered as usual when it asks for another protocol', async () => {
    expect((await get('/api/v2/time', 'Upgrade: websocket', 'Connection: Upgrade, close')).status).toBe(200);
  });

  it('is answered once for each request that comes in one piece', async () => {
    const request = 'GET /api/v2/time HTTP/1.1\r\nHost: x\r\n';
    const answer = await exchange(api.baseUrl, `${request}\r\n${request}Connection: close\r\n\r\n`);
    expect(answer.text.match(/serverNow/g)).toHaveLength(2);
  });

  it('gets 413 as soon as it announces a body of more than 1 MiB', async () => {
    const head = ['POST /api/v2/studies HTTP/1.1', 'Host: x', `Authorization: Bearer ${token}`];
    const length = 'Content-Length: 99999999999';
    expectProblemOfRequest(await say(...head, 'Content-Type: application/json', length), 413, 1604);
  });

  it('gets no body for HEAD, and the same headers as for GET', async () => {
    const [head, whole] = await Promise.all(
      ['HEAD', 'GET'].map((method) => ask(api.baseUrl, '/api/v2/error-code', { method })),
    );
    expect(head).toMatchObject({ status: 200, text: '' });
    expect(head?.headers['content-length']).toBe(whole?.headers['content-length']);
  });
});

/** Waits until so many requests are under way, the question itself not counted. */
async function untilInFlight(requests: number): Promise<void> {
  const ask = async () => {
    const { body } = await api.client.get<{ inFlight: number }>('/health/live');
    return body.inFlight === requests;
  };
  await waitFor(ask, { timeoutMs: 5_000, what: `${requests} requests under way` });
}

describe('somebody who hangs up in the middle of a body', () => {
  it('is not taken for a database that is away', async () => {
    const connection = await RawConnection.open(api.baseUrl);
    const head = ['POST /api/v2/studies HTTP/1.1', 'Host: x', `Authorization: Bearer ${token}`];
    const rest = [
      'X-Request-Id: hung-up-1',
      'Content-Type: application/json',
      'Content-Length: 100',
      '',
      '{"na',
    ];
    connection.say([...head, ...rest].join('\r\n'));
    await untilInFlight(1);
    connection.socket.destroy();
    await untilInFlight(0);

    const lines = api.logs.filter(({ requestId }) => requestId === 'hung-up-1');
    expect(lines.filter(({ level }) => Number(level) > 30)).toEqual([]);
  });
});
