import { createHash, randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { compare } from '../../scripts/bench/switch/audit.mjs';
import { Connection } from '../../scripts/bench/switch/exchange.mjs';
import { reader, writer } from '../../scripts/bench/switch/fixture-crowd.mjs';
import { Ledger } from '../../scripts/bench/switch/ledger.mjs';
import { startUsers } from '../../scripts/bench/switch/load.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

const LONG_MS = 10_000;
const UPLOAD_BYTES = 8 * 2 ** 20;
const PARTS = 100;
/** From none to far longer than the drain, which is over after 100 ms without requests. */
const THINK_MS = [0, 20, 100, 500, 2_000, 4_000];
const DRAIN = { minMs: 100, timeoutMs: 30_000, intervalMs: 10 };

describe('what is under way at the switch', () => {
  let lab: Lab;
  let asked: Readonly<Record<'long' | 'stream', ReturnType<Connection['exchange']>>>;
  let upload: ReturnType<typeof startUpload>;
  beforeAll(async () => {
    lab = await Lab.open({ drain: DRAIN, nginx: { maxBodyKiB: 10_240 } });
    await lab.deploy('r1');
    const get = (path: string) =>
      new Connection(lab.origin).exchange({ method: 'GET', path, takesMs: LONG_MS });
    asked = {
      long: get(`/api/v2/slow?ms=${LONG_MS}`),
      stream: get(`/api/v2/stream?parts=${PARTS}&ms=50`),
    };
    upload = startUpload(lab);
    await waitFor(async () => (await inFlight(lab)) >= 2, { timeoutMs: 5_000, what: 'requests under way' });
    const deploy = lab.json<{ steps: readonly { step: string; ms: number }[] }>(['deploy', 'r2']);
    await waitFor(async () => (await lab.served()) === 'r2', { timeoutMs: 20_000, what: 'the switch' });
    upload.finish();
    await deploy;
  }, 60_000);
  afterAll(() => lab.close());

  it('a request of 10 s is answered by the release that it came to', async () => {
    expect(await asked.long).toMatchObject({ status: 200, release: 'r1' });
  });

  it('a stream comes to its end on the release that it began on', async () => {
    const { release, body } = await asked.stream;
    expect(release).toBe('r1');
    expect(body.trimEnd().split('\n')).toEqual(Array.from({ length: PARTS }, (_, n) => `${n + 1}/${PARTS}`));
  });

  it('a large upload that began before it and ends after it arrives whole, and once', async () => {
    const { status, body } = await upload.answer;
    expect(status).toBe(200);
    expect((JSON.parse(body) as { sha256: string }).sha256).toBe(upload.sha256);
    const log = await readFile(join(lab.dir, 'nginx/access.log'), 'utf8');
    const lines = log.split('\n').filter((line) => line.includes('/api/v2/upload'));
    expect(lines.map((line) => (JSON.parse(line) as { upstreamStatus: string }).upstreamStatus)).toEqual([
      '200',
    ]);
  });

  it('leaves nobody behind: the old colour has ended', async () => {
    expect(Object.values(await lab.processes()).filter((pid) => pid !== null)).toHaveLength(1);
  });
});

describe('people who keep a connection', () => {
  it('lose nothing through switches, however long they think, and each of their writes is executed exactly once', async () => {
    const lab = await Lab.open({ drain: DRAIN });
    const env = { FIXTURE_WRITES: join(lab.dir, 'writes.log') };
    await lab.deploy('r1', { env });
    const ledger = new Ledger();
    let last = 0;
    const nextId = () => `w${(last += 1)}`;
    const users = THINK_MS.flatMap((ms) => [
      { client: reader(), tally: ledger.of(`get ${ms}`), thinkMs: () => ms },
      { client: writer(ledger.writes, nextId), tally: ledger.of(`post ${ms}`), thinkMs: () => ms },
    ]);
    const crowd = startUsers(lab.origin, users, () => () => true);
    for (const release of ['r2', 'r3']) await lab.deploy(release, { env });
    // Those who think longest come back on the connection that they had before both switches, or between them.
    await crowd.stop();
    expect(ledger.failures()).toEqual([]);
    for (const ms of THINK_MS) expect(ledger.of(`post ${ms}`).requests).toBeGreaterThan(1);
    const executed = (await readFile(env.FIXTURE_WRITES, 'utf8')).trimEnd().split('\n');
    const times = new Map(executed.map((id) => [id, executed.filter((one) => one === id).length]));
    expect(compare(ledger.writes.outcomes, times)).toEqual({ duplicated: 0, executedButFailed: 0, lost: 0 });
    await lab.close();
  }, 60_000);
});

/** Sends all but the last bytes; those come when the switch is over. */
function startUpload({ origin }: Lab) {
  const bytes = randomBytes(UPLOAD_BYTES);
  const headers = { 'content-length': UPLOAD_BYTES };
  const sent = request(`${origin}/api/v2/upload`, { method: 'POST', headers });
  sent.write(bytes.subarray(0, -1));
  const answer = new Promise<Readonly<{ status?: number; body: string }>>((resolve, reject) => {
    sent.on('error', reject).on('response', (incoming) => {
      text(incoming).then((body) => resolve({ status: incoming.statusCode, body }), reject);
    });
  });
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { answer, sha256, finish: () => sent.end(bytes.subarray(-1)) };
}

async function inFlight(lab: Lab): Promise<number> {
  const answer = await lab.ask('/health/live');
  return ((await answer.json()) as { inFlight: number }).inFlight;
}
