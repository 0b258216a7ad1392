import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  allCases,
  ASKED_OR_STOPPED,
  chosen,
  shortCases,
  SIGNALS,
  VICTIMS,
} from '../../scripts/bench/chaos/cases.mjs';
import { summary } from '../../scripts/bench/chaos/chaos.mjs';
import { Ledger } from '../../scripts/bench/switch/ledger.mjs';
import { emptyTally, startUsers } from '../../scripts/bench/switch/load.mjs';
import { releaseWatch } from '../../scripts/bench/switch/releases.mjs';
import { lateness, problemsOf } from '../../scripts/bench/switch/report.mjs';
import { startSteady } from '../../scripts/bench/switch/steady.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';

const ALL = () => () => true;

describe('the count of the harness', () => {
  let server: Server;
  let origin: string;
  let answer: RequestListener;
  beforeAll(async () => {
    server = createServer((request, response) => answer(request, response)).listen(0, '127.0.0.1');
    await once(server, 'listening');
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => server.close());

  /** One user asks until so many requests are counted. */
  async function ask(times: number, mayAnswer: () => (release?: string) => boolean = ALL) {
    const tally = emptyTally();
    const judge = ({ status, body }: { status: number; body: string }) =>
      status === 200 && body === 'ok' ? undefined : `status ${status}: ${body}`;
    const next = () => ({ method: 'GET' as const, path: '/' });
    const users = startUsers(origin, [{ client: { next, judge }, tally, thinkMs: () => 1 }], mayAnswer);
    await waitFor(() => tally.requests >= times, { timeoutMs: 10_000, what: 'requests' });
    await users.stop();
    return tally;
  }

  it('finds nothing wrong with good answers', async () => {
    answer = (_request, response) => response.end('ok');
    const { requests, failed } = await ask(20);
    expect(requests).toBeGreaterThanOrEqual(20);
    expect(failed).toBe(0);
  });

  it('takes a reset of a kept connection for a failure, and never asks again in its place', async () => {
    let asked = 0;
    answer = (request, response) => ((asked += 1) === 3 ? request.socket.destroy() : response.end('ok'));
    const { requests, failed, failures } = await ask(5);
    expect(failed).toBe(1);
    expect(requests).toBe(asked);
    expect(failures[0]).toMatch(/socket hang up|ECONNRESET/);
  });

  it.each([
    ['an unexpected status', (response: Parameters<RequestListener>[1]) => response.writeHead(502).end('ok')],
    ['a wrong body', (response: Parameters<RequestListener>[1]) => response.end('other')],
    [
      'an answer that is cut off',
      (response: Parameters<RequestListener>[1]) => {
        response.writeHead(200, { 'content-length': 2 }).write('o');
        setImmediate(() => response.destroy());
      },
    ],
  ])('finds %s', async (_what, misbehave) => {
    answer = (_request, response) => void misbehave(response);
    const { requests, failed } = await ask(2);
    expect(failed).toBe(requests);
  });

  it('finds an answer of a release that must not answer any more', async () => {
    answer = (_request, response) => response.setHeader('x-release', 'r1').end('ok');
    const releases = releaseWatch('r1');
    expect((await ask(2, releases.mayAnswer)).failed).toBe(0);
    releases.begin('r2');
    expect((await ask(2, releases.mayAnswer)).failed).toBe(0);
    releases.end('r2');
    const { failed, failures } = await ask(2, releases.mayAnswer);
    expect(failed).toBeGreaterThan(0);
    expect(failures[0]).toContain('answered by r1, which must not answer any more');
  });

  it('takes the time from the moment that a request was meant for, also when the site stands still', async () => {
    let isStill = false;
    const held: (() => void)[] = [];
    answer = (_request, response) =>
      isStill ? void held.push(() => response.end('ok')) : response.end('ok');
    const tally = emptyTally();
    const steady = startSteady(origin, { path: '/', perSecond: 100, tally, mayAnswer: ALL });
    await waitFor(() => tally.requests >= 10, { timeoutMs: 10_000, what: 'the first requests' });
    isStill = true;
    const begin = performance.now();
    // A closed loop would have asked once meanwhile; the constant rate goes on asking.
    await waitFor(() => held.length >= 20, { timeoutMs: 10_000, what: 'requests that wait' });
    const stillMs = performance.now() - begin;
    isStill = false;
    held.forEach((release) => release());
    const { maxMs } = await steady.stop();
    expect(tally.failed).toBe(0);
    expect(maxMs).toBeGreaterThanOrEqual(Math.floor(stillMs * 0.9));
  });
});

describe('the verdict of the harness', () => {
  const nothing = { failed: 0, duplicated: 0, executedButFailed: 0, socketMessagesLost: 0 };
  const control = (failed: number) => ({ name: 'reload', failed });

  it('is good when nothing failed and each control did', () => {
    expect(problemsOf({ ...nothing, controls: [control(3)] })).toEqual([]);
  });

  it.each(['failed', 'duplicated', 'executedButFailed', 'socketMessagesLost'])('is bad for one %s', (key) => {
    expect(problemsOf({ ...nothing, [key]: 1, controls: [] })).toEqual(['The deployer has lost something.']);
  });

  it('is that the harness is broken when a control found nothing', () => {
    expect(problemsOf({ ...nothing, controls: [control(0)] })).toEqual([
      'The harness is broken: it found nothing wrong with the control reload.',
    ]);
  });

  it.each([
    ['in time', 14_999, 29_999, []],
    ['live too late', 15_000, 29_999, ['A good release was live after 15000 ms']],
    ['refused too late', 14_999, 30_000, ['A release that never listens was refused after 30000 ms']],
  ])('is that a deploy was %s, by the slowest of them', (_what, max, refusalMs, problems) => {
    const told = lateness({ liveMs: { max }, refusalMs });
    expect(told).toEqual(problems.map((problem) => expect.stringContaining(problem) as string));
  });

  it('bounds a rate only where nothing failed', () => {
    const ledger = new Ledger();
    Object.assign(ledger.of('get'), { requests: 3_000 });
    Object.assign(ledger.of('post'), { requests: 3_000, failed: 1 });
    expect(ledger.classes().map(({ bound95 }: { bound95: number | null }) => bound95)).toEqual([0.001, null]);
    expect(ledger.total()).toMatchObject({ requests: 6_000, failed: 1 });
  });
});

describe('the cases of chaos', () => {
  const STEPS = ['start', 'switch', 'watch', 'drain'];

  it('are each point with each signal and each victim', () => {
    const cases = allCases(STEPS);
    const names = cases.map(({ name }) => name);
    const everywhere = cases.filter(({ deed }) => !(deed in ASKED_OR_STOPPED));
    expect(new Set(names).size).toBe(names.length);
    expect(everywhere).toHaveLength(STEPS.length * 2 * (SIGNALS.length + VICTIMS.length));
    expect(names).toContain('before:drain:stop-then-continue');
    expect(names).toContain('after:switch:live');
  });

  it('have one signal for each step, and each signal and victim that matters, when they are few', () => {
    const few = shortCases(STEPS);
    expect(STEPS.filter((step) => !few.some((one) => one.step === step))).toEqual([]);
    expect(few.map(({ deed }) => deed)).toEqual(expect.arrayContaining([...VICTIMS]));
  });

  it('have colours and nginx that are asked to end, and colours that hang, each at its points', () => {
    const some = ['health', 'switch', 'verify', 'watch', 'drain'];
    const points = Object.entries(ASKED_OR_STOPPED).flatMap(([deed, at]) =>
      at.map((one) => `${one}:${deed}`),
    );
    const others = allCases(some).filter(({ deed }) => deed in ASKED_OR_STOPPED);
    expect(others.map(({ name }) => name).toSorted()).toEqual(points.toSorted());
    const lossOf = (name: string) => others.find((one) => one.name === name)?.loss;
    expect(lossOf('before:switch:idle-SIGSTOP')).toBe('none');
    expect(lossOf('before:verify:live-SIGTERM')).toBe('watched');
    expect(lossOf('before:drain:live-SIGTERM')).toBe('outage');
  });

  it('must lose nothing unless nginx or the live colour dies', () => {
    const lossy = allCases(STEPS).filter(({ loss }) => loss !== 'none');
    const deeds = ['live', 'live-SIGTERM', 'live-SIGSTOP', 'nginx-all', 'nginx-SIGTERM'];
    expect(new Set(lossy.map(({ deed }) => deed))).toEqual(new Set(deeds));
    expect(lossy.find(({ name }) => name === 'after:switch:live')?.loss).toBe('watched');
    expect(chosen(lossy, ['after:watch:live'])).toMatchObject([{ loss: 'outage' }]);
  });

  it('count what must not be lost apart from outages', () => {
    const one = { requests: 9, outageMs: 5, recoveryMs: 7, code: 0, problems: [] };
    const kept = { ...one, case: 'a', loss: 'none' as const, failed: 2, problems: ['lost'] };
    const lossy = { ...one, case: 'b', loss: 'outage' as const, failed: 4, recoveryMs: 8 };
    expect(summary([kept, lossy])).toMatchObject({
      cases: 2,
      recovered: 1,
      failedRequests: 2,
      worstRecoveryMs: 8,
      outages: [{ case: 'b', failed: 4, ms: 5 }],
    });
  });
});
