import { readFile, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { freePort } from '../../scripts/lib/ports.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { startFreshLoad } from './support/fresh-load';
import { Lab } from './support/lab';

type Receipt = Readonly<{ notes: readonly string[]; steps: readonly { step: string; note?: string }[] }>;

/** Of the lab. */
const LEAST_DRAIN_MS = 100;
const CAVEAT = 'may reset the next request on a kept connection of a client';

let lab: Lab;
let reload: Readonly<Record<string, unknown>>;
beforeAll(async () => {
  reload = { switch: { strategy: 'reload', ports: { blue: await freePort(), green: await freePort() } } };
  lab = await Lab.open(reload);
  await lab.deploy('r0');
});
afterAll(() => lab.close());
afterEach(() => lab.configure(reload));

const include = () => join(lab.dir, 'nginx/upstream-live.conf');
const conf = () => readFile(join(lab.dir, 'nginx/nginx.conf'), 'utf8');
const status = async () => (await lab.run(['status'])).out;

/** The file as a deployer leaves it that dies between writing it and telling nginx. */
async function nameInFile(colour: 'blue' | 'green'): Promise<void> {
  await writeFile(include(), `server "127.0.0.1:${portOf(colour)}";\n`);
}

describe('a switch by reload', () => {
  it('serves the new release to newcomers without losing one, and changes nothing but the one file', async () => {
    const before = await conf();
    const load = startFreshLoad(lab.origin);
    const { steps } = await lab.json<Receipt>(['deploy', 'r1']);
    const { requests, failures } = await load.stop();
    expect(failures).toEqual([]);
    expect(requests).toBeGreaterThan(50);
    expect(await lab.served()).toBe('r1');
    expect(await conf()).toBe(before);
    expect(steps.find(({ step }) => step === 'switch')?.note).toMatch(/^taken over in \d+ ms/);
    expect(await status()).not.toMatch(/drift|unfinished/);
  });

  it('says before, in the receipt and in doctor what this nginx cannot promise', async () => {
    expect((await lab.run(['plan', 'r2'])).out).toContain(CAVEAT);
    expect((await lab.json<Receipt>(['deploy', 'r2'])).notes.join()).toContain(CAVEAT);
    const { code, out } = await lab.run(['doctor']);
    expect(code).toBe(0);
    expect(out).toMatch(/note +switch +by a reload/);
    expect(out).toMatch(/ok +colours/);
  });

  it('tells the service, the smoke commands and the hooks where it listens', async () => {
    const ask = 'curl --fail --silent "http://$HOST:$PORT/api/v2/time"';
    await lab.configure({ ...reload, smoke: { commands: [ask] }, hooks: { 'pre-switch': ask } });
    await lab.deploy('r3', { env: { SOCKET_PATH: join(lab.dir, 'of-somebody-else.sock') } });
    expect(await lab.served()).toBe('r3');
  });

  it('goes back and forth: rollback, switch to a colour that was kept, drain', async () => {
    await lab.configure({ ...reload, stop: { timeoutMs: 5_000, keepOld: true } });
    const load = startFreshLoad(lab.origin);
    await lab.json(['rollback']);
    expect(await lab.served()).toBe('r2');
    await lab.json(['switch']);
    expect(await lab.served()).toBe('r3');
    const { blue, green } = await lab.processes();
    expect([blue, green]).not.toContain(null);
    const served = colourIn(await readFile(include(), 'utf8'));
    expect((await lab.run(['drain', served])).code).toBe(2);
    await lab.json(['drain', served === 'blue' ? 'green' : 'blue']);
    expect((await load.stop()).failures).toEqual([]);
    expect(await lab.served()).toBe('r3');
  });

  it.each(['dies', 'fails'])(
    'gives the traffic back in less than 2 s: the new release %s',
    async (behaviour) => {
      const watch = { forMs: 4_000, intervalMs: 20, minRequests: 10 };
      await lab.configure({ ...reload, watch });
      const serving = await lab.served();
      const load = startFreshLoad(lab.origin);
      const { code, err } = await lab.run(['deploy', 'bad'], { fixture: `bad=${behaviour}` });
      const { failures, longestMs } = await load.stop();
      expect(code).toBe(4);
      expect(err).toContain(`(${serving}) serves as before`);
      expect(failures).not.toEqual([]);
      expect(longestMs).toBeLessThan(2_000);
      expect(await lab.served()).toBe(serving);
      expect(await status()).not.toMatch(/drift|unfinished/);
    },
  );

  it('holds the old colour for a connection that was opened before and is used after', async () => {
    const serving = await lab.served();
    const early = connect(lab.port, '127.0.0.1');
    await once(early, 'connect');
    const deployer = lab.start(['deploy', 'held']);
    let sinceMs = Infinity;
    const isRecorded = () => {
      if (deployer.output().includes('record') && sinceMs === Infinity) sinceMs = performance.now();
      return performance.now() - sinceMs > 10 * LEAST_DRAIN_MS;
    };
    await waitFor(isRecorded, { timeoutMs: 20_000, what: 'a drain that lasts' });
    early.write('GET /api/v2/time HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    expect(await text(early)).toMatch(new RegExp(`^HTTP/1.1 200 (?:.*\r\n)+x-release: ${serving}\r\n`, 'i'));
    expect(await deployer.ended).toMatchObject({ code: 0 });
  });
});

describe('a deployer that is killed', () => {
  it.each(['after:switch', 'after:verify'])(
    '%s loses no newcomer, and the next deploy needs nobody',
    async (moment) => {
      const next = `next-${moment.replace(':', '-')}`;
      const load = startFreshLoad(lab.origin);
      expect((await lab.run(['deploy', `killed-${next}`, '--fault', `${moment}:kill9`])).code).toBeNull();
      expect(await status()).toContain('unfinished');
      await lab.deploy(next);
      expect((await load.stop()).failures).toEqual([]);
      expect(await lab.served()).toBe(next);
      expect(await status()).not.toMatch(/drift|unfinished/);
    },
  );

  it.each([
    ['before:switch', 'idle'],
    ['after:switch', 'live'],
  ] as const)(
    '%s, with a file that nginx has not read, stops no colour that nginx sends people to',
    async (moment, which) => {
      const serving = await lab.served();
      const live = colourIn(await readFile(include(), 'utf8'));
      const load = startFreshLoad(lab.origin);
      await lab.run(['deploy', `torn-${which}`, '--fault', `${moment}:kill9`]);
      await nameInFile(which === 'live' ? live : live === 'blue' ? 'green' : 'blue');
      expect(await status()).toContain('drift     the included file names');
      expect((await lab.run(['plan', 'r9'])).out).toMatch(/1\. .*switch/);
      await lab.run(['drain', 'blue']);
      expect((await load.stop()).failures).toEqual([]);
      expect(await lab.served()).toBe(serving);
      expect(await status()).not.toMatch(/drift|unfinished/);
    },
  );
});

describe('a boot', () => {
  it('starts what is recorded, though the file names the colour of a deploy that was cut off', async () => {
    const serving = await lab.served();
    await lab.run(['deploy', 'cut-off', '--fault', 'after:switch:kill9']);
    const nginx = Number(await readFile(join(lab.dir, 'nginx/nginx.pid'), 'utf8'));
    const workers = (await readFile(`/proc/${nginx}/task/${nginx}/children`, 'utf8')).trim().split(' ');
    const { blue, green } = await lab.processes();
    lab.kill(blue, green, nginx, ...workers.map(Number));
    const { code, out } = await lab.run(['boot']);
    expect([code, out]).toEqual([0, expect.stringContaining('nginx reads the live server when it starts')]);
    expect(await lab.served()).toBe(serving);
    await lab.json(['settle']);
    expect(await lab.served()).toBe(serving);
    expect(await status()).not.toMatch(/drift|unfinished/);
  });
});

describe('a strategy that is changed under a live release', () => {
  it('is refused with the way to go, and the release keeps serving', async () => {
    const serving = await lab.served();
    await lab.configure({});
    const { code, err } = await lab.run(['deploy', 'moved']);
    expect(code).toBe(5);
    expect(err).toContain(`(${serving}) serves, but not at the address`);
    expect(err).toContain('npm run deploy -- down with the old settings');
    expect(await lab.served()).toBe(serving);
    await lab.configure(reload);
    await lab.json(['down']);
    await lab.configure({});
    await lab.deploy('moved');
    expect(await lab.served()).toBe('moved');
  });
});

/** @returns the colour that the file names */
function colourIn(text: string): 'blue' | 'green' {
  return text.includes(`:${portOf('blue')}"`) ? 'blue' : 'green';
}

function portOf(colour: 'blue' | 'green'): number {
  return (reload['switch'] as { ports: Record<'blue' | 'green', number> }).ports[colour];
}
