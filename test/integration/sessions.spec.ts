import { startApi, type TestApi } from '../support/api';
import { holdClock } from '../support/held-clock';
import { entryWith, logIn, logOut, refresh, refreshTokenIn, type Device } from '../support/logins';
import { AuthService } from '../../apps/api/src/sessions/auth.service';

jest.setTimeout(240_000);

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ DATABASE_POOL_SIZE: '20' });
});
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

async function rounds(count: number, work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < count; round += 1) await work(round);
}

const generationsOf = async ({ memberId }: Device) => {
  const rows = await api.sql<{ generation: number }>('SELECT generation FROM session WHERE member_id = ?', [
    memberId,
  ]);
  return rows.map(({ generation }) => generation);
};

describe('20 refreshes with one token at the same instant', () => {
  it('log nobody out and leave one living chain, 200 times over', async () => {
    const clock = holdClock(api);
    const auth = api.app.get(AuthService);
    const device = await logIn(api);
    let { refreshToken } = device;
    await rounds(200, async (round) => {
      const opened = await times(20, () => auth.refresh(refreshToken));
      const successors = new Set(opened.map((one) => one.refreshToken));
      expect(successors.size).toBe(1);
      expect(await generationsOf(device)).toEqual([round + 1]);
      [refreshToken = ''] = successors;
      clock.pass(60);
    });
    const last = await refresh(api, refreshToken);
    expect(await entryWith(api, last.body.accessToken)).toBe(200);
  });

  it('are answered with the same cookie each, over HTTP, 20 times over', async () => {
    const clock = holdClock(api);
    const device = await logIn(api);
    let { refreshToken } = device;
    await rounds(20, async () => {
      const answers = await times(20, () => refresh(api, refreshToken));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const cookies = new Set(answers.map((answer) => answer.headers.get('set-cookie')));
      expect(cookies.size).toBe(1);
      const entries = answers.map(({ body }) => entryWith(api, body.accessToken));
      expect(await Promise.all(entries)).toEqual(answers.map(() => 200));
      refreshToken = refreshTokenIn(answers[7] as (typeof answers)[number]) ?? '';
      clock.pass(60);
    });
    expect(await generationsOf(device)).toEqual([20]);
  });
});

describe('a browser whose tabs share one cookie', () => {
  it('stays logged in however their refreshes follow each other, 100 times over', async () => {
    const clock = holdClock(api);
    const auth = api.app.get(AuthService);
    await rounds(100, async () => {
      let cookie = (await logIn(api)).refreshToken;
      const tab = async (): Promise<void> => {
        for (let use = 0; use < 3; use += 1) cookie = (await auth.refresh(cookie)).refreshToken;
      };
      await times(4, tab);
      clock.pass(15 * 60);
      await auth.refresh(cookie);
    });
  });
});

describe('a token that comes back too late', () => {
  it('ends the login once and for all, while its true owner refreshes, 50 times over', async () => {
    const clock = holdClock(api);
    await rounds(50, async () => {
      const device = await logIn(api);
      const newest = refreshTokenIn(await refresh(api, device.refreshToken)) ?? '';
      clock.pass(11);
      const [stolen, own] = await Promise.all([refresh(api, device.refreshToken), refresh(api, newest)]);
      expect(stolen.status).toBe(400);
      expect(await generationsOf(device)).toEqual([]);
      if (own.status === 200) expect(await entryWith(api, own.body.accessToken)).toBe(1403);
      const after = refreshTokenIn(own);
      if (after !== undefined && after !== '') expect((await refresh(api, after)).status).toBe(400);
    });
  });
});

describe('a logout', () => {
  it('wins against refreshes at the same instant, 50 times over', async () => {
    await rounds(50, async () => {
      const device = await logIn(api);
      const [out, ...answers] = await Promise.all([
        logOut(api, device.refreshToken),
        ...Array.from({ length: 5 }, () => refresh(api, device.refreshToken)),
      ]);
      expect(out.status).toBe(200);
      expect(await generationsOf(device)).toEqual([]);
      for (const { status, body } of answers) {
        expect([200, 400]).toContain(status);
        if (status === 200) expect(await entryWith(api, body.accessToken)).toBe(1403);
      }
    });
  });
});

describe('a member whose tokens are all ended', () => {
  it('gets no living token by a refresh at the same instant, 50 times over', async () => {
    await rounds(50, async () => {
      const device = await logIn(api);
      const connection = await api.connect();
      const endAll = async (): Promise<void> => {
        await connection.query('START TRANSACTION');
        await connection.query('UPDATE member SET token_version = 1 WHERE id = ?', [device.memberId]);
        await connection.query('DELETE FROM session WHERE member_id = ?', [device.memberId]);
        await connection.query('COMMIT');
      };
      const [answer] = await Promise.all([refresh(api, device.refreshToken), endAll()]);
      await connection.end();
      if (answer.status === 200) expect(await entryWith(api, answer.body.accessToken)).toBe(1403);
      expect(await entryWith(api, device.token)).toBe(1403);
      expect(await generationsOf(device)).toEqual([]);
    });
  });
});
