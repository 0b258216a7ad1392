import { Transactor } from '@app/database';
import { replaceAdminPassword } from '../../apps/api/src/admin/admin-accounts';
import { ADMIN, anAdminAccount, cookieOf, tryToLogIn } from '../support/admins';
import { startApi, type TestApi } from '../support/api';
import {
  aGuest,
  anOpenStudy,
  codeOf,
  enterCode,
  expectStatus,
  join,
  next,
  type Person,
  type Seat,
} from '../support/people';

const ROUNDS = 20;
jest.setTimeout(240_000);

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ DATABASE_POOL_SIZE: '20' });
});
afterAll(() => api.stop());

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** A lobby of these people, the first of them host. */
async function aLobbyOf([first, ...others]: readonly [Person, ...Person[]]): Promise<Seat> {
  const host = await join(api.client, first, await anOpenStudy(api.client, first), '방장');
  const code = await codeOf(api.client, host);
  for (const person of others) {
    expectStatus(200, await enterCode(api.client, person, code));
    await join(api.client, person, host.studyId);
  }
  return host;
}

describe('the funnel', () => {
  it('counts members once whose first studies all begin, and end their first cycles, at the same instant', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const [a, b, c] = await times(3, () => aGuest(api.client));
      if (a === undefined || b === undefined || c === undefined) throw new Error('nobody came');
      const lobbies = [await aLobbyOf([a, b, c]), await aLobbyOf([c, b, a]), await aLobbyOf([b, a])];
      for (let step = 0; step < 4; step += 1) {
        const answers = await Promise.all(lobbies.map((host) => next(api.client, host)));
        expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
      }
      const ids = [a, b, c].map(({ memberId }) => memberId);
      const events = await api.sql<{ event: string }>(
        'SELECT event FROM funnel_event WHERE member_id IN (?) ORDER BY event',
        [ids],
      );
      expect(events.map(({ event }) => event)).toEqual(
        ['first-cycle', 'first-study', 'signed-up'].flatMap((event) => [event, event, event]),
      );
    }
  });
});

describe('the session of an administrator', () => {
  it('does not outlive a password that is replaced while it is being opened', async () => {
    await anAdminAccount(api);
    const passwords = [ADMIN.password, 'another long password'] as const;
    for (let round = 0; round < ROUNDS; round += 1) {
      const [old, fresh] = round % 2 === 0 ? passwords : [passwords[1], passwords[0]];
      const logins = times(4, () => tryToLogIn(api, { ...ADMIN, password: old }));
      await replaceAdminPassword(api.app.get(Transactor), { ...ADMIN, password: fresh });
      for (const login of await logins) {
        if (login.status === 401) continue;
        const headers = { cookie: cookieOf(login) };
        expect((await api.client.get('/api/admin/members', { headers })).status).toBe(403);
      }
    }
  });

  it('is one for each of many logins at once, and a logout ends its own alone', async () => {
    await api.sql('DELETE FROM admin');
    await anAdminAccount(api);
    const cookies = (await times(10, () => tryToLogIn(api))).map(cookieOf);
    expect(new Set(cookies).size).toBe(10);
    const [gone = '', ...kept] = cookies;
    await times(5, () => api.client.post('/api/admin/logout', { headers: { cookie: gone } }));
    const read = async (cookie: string) =>
      (await api.client.get('/api/admin/members', { headers: { cookie } })).status;
    expect(await read(gone)).toBe(403);
    expect(await Promise.all(kept.map(read))).toEqual(kept.map(() => 200));
    const ends = await api.sql("SELECT id FROM admin_audit WHERE request = 'POST /api/admin/logout'");
    expect(ends).toHaveLength(1);
  });
});
