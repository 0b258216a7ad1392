import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Speed {
  readonly rps: number;
  readonly p99Ms: number;
}
interface Person {
  readonly token: string;
  readonly memberId: number;
  readonly studyId: number;
  readonly participantId: number;
}

const { median, rowsOf, tableOf } = jest.requireActual<{
  median(values: readonly number[]): number;
  rowsOf(name: string, raw: readonly Speed[], ours: readonly Speed[]): readonly object[];
  tableOf(rows: readonly object[]): string;
}>('../../scripts/bench/table.mjs');
const { speedOf } = jest.requireActual<{ speedOf(report: string): Speed }>('../../scripts/bench/wrk.mjs');
const { parseOptions } = jest.requireActual<{ parseOptions(argv: readonly string[]): object }>(
  '../../scripts/bench/options.mjs',
);
const { HttpClient } = jest.requireActual<{
  HttpClient: new (port: number) => {
    connected(): Promise<void>;
    send(request: string): Promise<{ status: number; head: string; body: string }>;
    close(): void;
  };
}>('../../scripts/bench/http-client.mjs');
const { pollAll } = jest.requireActual<{
  pollAll(port: number, people: readonly Person[], polls: number): Promise<Speed>;
}>('../../scripts/bench/n1.mjs');

const speed = (rps: number, p99Ms: number): Speed => ({ rps, p99Ms });

describe('The benchmark', () => {
  it('shows medians, and the ratio of ours to that of the raw server', () => {
    const raw = [speed(1_000, 3), speed(2_000, 1), speed(9_000, 2)];
    const ours = [speed(1_500, 4), speed(100, 9), speed(1_600, 5)];
    expect(rowsOf('poll', raw, ours)).toEqual([
      { name: 'raw: poll', rps: 2_000, p99Ms: 2, ratioToRaw: 1 },
      { name: 'poll', rps: 1_500, p99Ms: 5, ratioToRaw: 0.75 },
    ]);
  });

  it('takes the mean of the two in the middle when their number is even', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('prints a table with a line for each row', () => {
    const lines = tableOf(rowsOf('poll', [speed(12_345, 3)], [speed(12_345, 3)])).split('\n');
    expect(lines.at(-1)).toMatch(/^poll +12,345 +3\.00 +1\.00$/);
  });

  it('reads the line of the load generator', () => {
    const report = 'Running 1s test\n{"requests":500,"us":2000000,"p99Us":1500,"errors":0,"badStatus":0}\n';
    expect(speedOf(report)).toEqual({ rps: 250, p99Ms: 1.5 });
  });

  it.each([
    ['one answer is not 2xx', '{"requests":500,"us":1,"p99Us":1,"errors":0,"badStatus":1}'],
    ['one request has no answer', '{"requests":500,"us":1,"p99Us":1,"errors":1,"badStatus":0}'],
    ['nothing is answered', '{"requests":0,"us":1,"p99Us":1,"errors":0,"badStatus":0}'],
  ])('fails when %s', (_when, line) => {
    expect(() => speedOf(line)).toThrow(/had no answer/);
  });

  it('refuses options that it does not know, and numbers that are none', () => {
    expect(() => parseOptions(['--fast'])).toThrow(/--fast[^]*npm run bench/);
    expect(() => parseOptions(['--repeats', '0'])).toThrow('--repeats must be a whole number');
  });
});

describe('A thousand clients', () => {
  let server: Server;
  let polls: string[];
  let answerOf: (poll: number) => { status: number; body: string };

  const people = [1, 2, 3].map((id) => ({ token: `t${id}`, memberId: id, studyId: id, participantId: id }));
  const port = () => (server.address() as AddressInfo).port;
  const right = { status: 200, body: '{"progressStep":"planning"}' };

  beforeEach(async () => {
    polls = [];
    server = createServer((request, response) => {
      if (response.writableEnded) return;
      polls.push(`${request.headers.authorization} ${request.url}`);
      const { status, body } = answerOf(polls.length);
      response.writeHead(status, { 'content-length': Buffer.byteLength(body) }).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  it('poll exactly as often as they are told, each with its own token and study, on one connection each', async () => {
    answerOf = () => right;
    let connections = 0;
    server.on('connection', () => (connections += 1));
    await pollAll(port(), people, 4);
    const expected = people.flatMap(({ token, studyId }) =>
      Array.from({ length: 4 }, () => `Bearer ${token} /api/v2/progress?studyId=${studyId}`),
    );
    expect(polls.toSorted()).toEqual(expected.toSorted());
    expect(connections).toBe(3);
  });

  it.each([
    ['a status', { status: 503, body: right.body }, '503'],
    ['a body', { status: 200, body: '{}' }, '200 {}'],
  ])('count %s that is wrong as an error', async (_what, wrong, shown) => {
    answerOf = (poll) => (poll === 5 ? wrong : right);
    await expect(pollAll(port(), people, 4)).rejects.toThrow(`1 of 12 polls failed, the first: ${shown}`);
  });

  it('count what is left to send when a connection is cut', async () => {
    answerOf = (poll) => {
      if (poll === 5) server.closeAllConnections();
      return right;
    };
    await expect(pollAll(port(), people, 4)).rejects.toThrow(/(8|9|1[0-2]) of 12 polls failed/);
  });

  it('read 304, which comes without a length, and go on', async () => {
    answerOf = () => right;
    server.prependListener('request', (request, response: ServerResponse) => {
      if (request.headers['if-none-match'] !== undefined) response.writeHead(304, { etag: '"a"' }).end();
    });
    const client = new HttpClient(port());
    await client.connected();
    const ask = (header: string) => client.send(`GET / HTTP/1.1\r\nhost: localhost\r\n${header}\r\n`);
    const held = await ask('if-none-match: "a"\r\n');
    expect([held.status, held.body]).toEqual([304, '']);
    expect(held.head).toMatch(/etag: "a"/i);
    expect(await ask('')).toMatchObject(right);
    client.close();
  });
});
