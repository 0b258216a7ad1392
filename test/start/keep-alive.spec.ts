import { keepAlive } from '../../scripts/lib/start/keep-alive.mjs';
import { addressOf } from '../../scripts/lib/start/settings.mjs';

const dead = (pid: number) => ({ pid, ended: Promise.resolve() });
const alive = (pid: number) => ({ pid, ended: new Promise<void>(() => undefined) });

const tell = () => undefined;

describe('the watch over the database', () => {
  it('starts a dead one again, and knows the one that counts', async () => {
    const started = [alive(2)];
    const keeper = keepAlive(dead(1), async () => started.shift() ?? alive(99), { tell });
    await new Promise((resolve) => setImmediate(resolve));

    expect((await keeper.close()).pid).toBe(2);
  });

  it('gives up after five starts within a minute', async () => {
    let starts = 0;
    const keeper = keepAlive(dead(0), async () => dead(++starts), { tell });

    expect((await keeper.gaveUp).message).toContain('giving up');
    expect(starts).toBe(5);
  });

  it('forgives deaths that are a minute apart', async () => {
    let minute = 0;
    const start = async () => (minute < 10 ? dead(minute) : alive(10));
    const keeper = keepAlive(dead(0), start, { tell, now: () => minute++ * 60_000 });
    await new Promise((resolve) => setImmediate(resolve));

    expect((await keeper.close()).pid).toBe(10);
  });

  it('gives up when it cannot be started again', async () => {
    const keeper = keepAlive(dead(1), () => Promise.reject(new Error('disk full')), { tell });

    expect((await keeper.gaveUp).message).toContain('disk full');
  });
});

describe('the address that a start prints', () => {
  it.each([
    ['127.0.0.1', 'http://localhost:3000'],
    ['0.0.0.0', 'http://localhost:3000'],
    ['::', 'http://localhost:3000'],
    ['192.0.2.7', 'http://192.0.2.7:3000'],
    ['2001:db8::1', 'http://[2001:db8::1]:3000'],
  ])('for %s is %s', (host, address) => {
    expect(addressOf({ host, port: 3000 })).toBe(address);
  });
});
