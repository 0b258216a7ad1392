import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openSockets, worstSecond } from '../../scripts/bench/switch/sockets.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { Lab } from './support/lab';

type Receipt = Readonly<{
  outcome: string;
  sockets?: Readonly<{ drained: number; left: number }>;
  steps: readonly Readonly<{ step: string; note?: string }>[];
}>;

const CLIENTS = 200;
const PER_SECOND = 50;
const PACE = { minMs: 100, timeoutMs: 5_000, intervalMs: 20, socketsPerS: PER_SECOND };
const NOTHING_WRONG = { lost: 0, doubled: 0, cuts: 0, refused: 0, failures: [] };
const drainNote = ({ steps }: Receipt) => steps.find(({ step }) => step === 'drain')?.note;

describe('websockets at a switch', () => {
  let lab: Lab;
  let textfile: string;
  beforeAll(async () => {
    lab = await Lab.open();
    textfile = join(lab.dir, 'haru.prom');
    await lab.configure({ drain: PACE, metrics: { textfile } });
    await lab.deploy('r1');
  });
  afterAll(() => lab.close());

  const draining = async () =>
    Number(/^deploy_drain_remaining_connections (\d+)$/m.exec(await readFile(textfile, 'utf8'))?.[1]);

  it('are let go one after another, come back on the new release, and miss no message', async () => {
    const sockets = await openSockets(lab.origin, CLIENTS);
    const deployed = lab.json<Receipt>(['deploy', 'r2']);
    await waitFor(async () => (await draining()) > CLIENTS / 2, { timeoutMs: 20_000, what: 'the drain' });
    const receipt = await deployed;
    const tally = await sockets.stop();
    expect(tally).toMatchObject({ ...NOTHING_WRONG, closed: CLIENTS });
    expect(sockets.releases()).toEqual(new Set());
    // Seen by the clients, which a busy machine holds up now and then: four times as many would be all at once.
    expect(worstSecond(tally.closedAtMs)).toBeLessThanOrEqual(PER_SECOND * 2);
    expect(receipt.sockets).toEqual({ drained: CLIENTS, left: 0 });
    expect(drainNote(receipt)).toBe(`nothing under way, ${CLIENTS} sockets let go`);
    expect(await draining()).toBe(0);
  }, 60_000);

  it('are in the history: as JSON and as text', async () => {
    const [last] = await lab
      .json<{ receipts: Receipt[] }>(['history', '-n', '1'])
      .then((one) => one.receipts);
    expect(last?.sockets).toEqual({ drained: CLIENTS, left: 0 });
    expect((await lab.run(['history', '-n', '1'])).out).toContain(`${CLIENTS} sockets let go`);
  });

  it('cannot be closed from outside: nginx hands the request to drain on to nobody', async () => {
    const sockets = await openSockets(lab.origin, 5);
    const body = JSON.stringify({ ratePerS: 1_000, deadlineMs: 0 });
    for (const path of [
      '/drain',
      '/api/../drain',
      '/health/../drain',
      '//drain',
      '/health/drain',
      '/api/drain',
    ]) {
      const { status } = await lab.ask(path, { method: 'POST', body });
      expect([path, status === 202]).toEqual([path, false]);
    }
    expect(sockets.open()).toBe(5);
    expect(await sockets.stop()).toMatchObject({ ...NOTHING_WRONG, closed: 0 });
  });

  it('are waited for no longer than their deadline; then the service lets them go at its end', async () => {
    await lab.configure({ drain: { ...PACE, timeoutMs: 200, socketsTimeoutMs: 0 } });
    await lab.deploy('deaf', { fixture: 'ignores-drain' });
    const sockets = await openSockets(lab.origin, 5);
    const receipt = await lab.json<Receipt>(['deploy', 'r3']);
    expect([receipt.outcome, receipt.sockets]).toEqual(['done', { drained: 0, left: 5 }]);
    expect(drainNote(receipt)).toMatch(/^5 sockets still under way after \d+ ms$/);
    expect(await sockets.stop()).toMatchObject({ ...NOTHING_WRONG, closed: 5 });
    expect((await lab.run(['history', '-n', '1'])).out).toContain('5 sockets left');
  }, 30_000);

  it('of a service that ends as soon as it is asked are counted as left', async () => {
    await lab.deploy('hasty', { fixture: 'exits-early' });
    const sockets = await openSockets(lab.origin, 5);
    const receipt = await lab.json<Receipt>(['deploy', 'r4']);
    expect([receipt.outcome, receipt.sockets]).toEqual(['done', { drained: 0, left: 5 }]);
    await waitFor(() => sockets.tally.cuts === 5, { timeoutMs: 5_000, what: 'the clients to notice' });
    expect(await sockets.stop()).toMatchObject({ cuts: 5, lost: 0 });
  }, 30_000);

  it('of a service that does not know the request are as before: it is drained of its requests', async () => {
    await lab.deploy('old', { fixture: 'knows-no-drain' });
    const receipt = await lab.json<Receipt>(['deploy', 'r5']);
    expect([receipt.outcome, receipt.sockets, drainNote(receipt)]).toEqual([
      'done',
      undefined,
      'nothing under way',
    ]);
  }, 30_000);
});
