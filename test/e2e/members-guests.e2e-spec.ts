import { Statements, Transactor } from '@app/database';
import { CONFIG } from '../../apps/api/src/config.token';
import { HousekeepingService } from '../../apps/api/src/housekeeping/housekeeping.service';
import { GuestsService, IDLE_GUESTS } from '../../apps/api/src/members/guests.service';
import { startApi, type TestApi } from '../support/api';
import { trustEveryCode } from '../support/identities';
import { aMember, unregister } from '../support/members';
import { aGuest, aLobby, aNewcomer, anOpenStudy, aSoloStudy, leave, type Person } from '../support/people';

const DAY_MS = 24 * 60 * 60 * 1_000;
const KEPT_MS = 30 * DAY_MS;
const TTL_S = 31 * 24 * 60 * 60;

let api: TestApi;
let longLived: TestApi;
beforeAll(async () => {
  api = await startApi({ GUEST_TOKEN_TTL_S: '3600' });
  trustEveryCode(api);
  longLived = await startApi({ GUEST_TOKEN_TTL_S: String(TTL_S) });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.stop();
  await longLived.stop();
});

/** What tidies up in one process of the service. */
const aTidier = ({ app }: TestApi) =>
  new GuestsService(app.get(Statements), app.get(Transactor), app.get(CONFIG));

async function createdAt({ sql }: TestApi, { memberId }: Person): Promise<Date> {
  const [row] = await sql<{ at: Date }>('SELECT created_at AS at FROM member WHERE id = ?', [memberId]);
  return row?.at ?? new Date(Number.NaN);
}
const isThere = async ({ sql }: TestApi, { memberId }: Person) =>
  (await sql('SELECT id FROM member WHERE id = ?', [memberId])).length === 1;
const after = (at: Date, ms: number) => new Date(at.getTime() + ms);
const inAYear = () => after(new Date(), 365 * DAY_MS);

describe('a guest who never joined a study', () => {
  it('is removed when 30 days are over, and not a millisecond before', async () => {
    const guest = await aGuest(api.client);
    const at = await createdAt(api, guest);
    await aTidier(api).prune(after(at, KEPT_MS - 1));
    expect(await isThere(api, guest)).toBe(true);
    await aTidier(api).prune(after(at, KEPT_MS));
    expect(await isThere(api, guest)).toBe(false);
  });

  it('is kept for as long as the token lives, when that is longer', async () => {
    const guest = await aGuest(longLived.client);
    const at = await createdAt(longLived, guest);
    await aTidier(longLived).prune(after(at, TTL_S * 1_000));
    expect(await isThere(longLived, guest)).toBe(true);
    await aTidier(longLived).prune(after(at, TTL_S * 1_000 + 60_000));
    expect(await isThere(longLived, guest)).toBe(false);
  });

  it('is removed also after opening a study that nobody entered; the study stays', async () => {
    const guest = await aGuest(api.client);
    const studyId = await anOpenStudy(api.client, guest);
    await aTidier(api).prune(inAYear());
    expect(await isThere(api, guest)).toBe(false);
    expect(await api.sql('SELECT creator_id FROM study WHERE id = ?', [studyId])).toEqual([
      { creator_id: null },
    ]);
  });

  it('is removed by the next turn of the one that has looked before', async () => {
    const tidier = aTidier(api);
    await tidier.prune(inAYear());
    const guest = await aGuest(api.client);
    await api.sql('UPDATE member SET created_at = created_at + INTERVAL 365 DAY WHERE id = ?', [
      guest.memberId,
    ]);
    await tidier.prune(after(inAYear(), 30 * DAY_MS));
    expect(await isThere(api, guest)).toBe(false);
  });

  it('is removed when the service tidies up', async () => {
    const guest = await aGuest(api.client);
    await api.sql('UPDATE member SET created_at = created_at - INTERVAL 31 DAY WHERE id = ?', [
      guest.memberId,
    ]);
    await api.app.get(HousekeepingService).tidy();
    expect(await isThere(api, guest)).toBe(false);
  });
});

describe('nobody else is removed:', () => {
  it('neither guests who are in a study, under way or over, nor members', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    const people = [host, newcomer, await aSoloStudy(api.client), await aMember(api, 'member')];
    await aTidier(api).prune(inAYear());
    for (const person of people) expect(await isThere(api, person)).toBe(true);
  });

  it('not what stays of a guest who left the service, as long as others keep a record of it', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    await aNewcomer(api.client, host);
    await api.sql("UPDATE study SET step = 'DONE' WHERE id = ?", [host.studyId]);
    await unregister(api.client, host);
    await aTidier(api).prune(inAYear());
    expect(await isThere(api, host)).toBe(true);
  });
});

it('a guest who has left every study is removed like one who joined none', async () => {
  const seat = await aSoloStudy(api.client);
  await leave(api.client, seat);
  await aTidier(api).prune(inAYear());
  expect(await isThere(api, seat)).toBe(false);
});

it('a thousand at a time are removed, by any number of processes at once', async () => {
  await aTidier(api).prune(inAYear());
  const rows = Array.from({ length: 2_500 }, () => ['guest', 'guest', new Date('2020-01-01T00:00:00.000Z')]);
  await api.sql('INSERT INTO member (name, login_type, created_at) VALUES ?', [rows]);
  const left = async () =>
    (await api.sql<{ n: number }>("SELECT COUNT(*) AS n FROM member WHERE created_at < '2020-01-02'"))[0]?.n;
  const tidiers = [aTidier(api), aTidier(api), aTidier(api)];
  await Promise.all(tidiers.map((tidier) => tidier.prune(new Date())));
  expect(await left()).toBe(1_500);
  for (let turn = 0; turn < 2; turn += 1)
    await Promise.all(tidiers.map((tidier) => tidier.prune(new Date())));
  expect(await left()).toBe(0);
});

it('those who are old enough are found by an index', async () => {
  const rows = Array.from({ length: 5_000 }, (_, index) => ['guest', 'guest', new Date(index * DAY_MS)]);
  await api.sql('INSERT INTO member (name, login_type, created_at) VALUES ?', [rows]);
  await api.sql('ANALYZE TABLE member');
  const plan = await api.sql(`EXPLAIN ${IDLE_GUESTS}`, [new Date(0), new Date(300 * DAY_MS)]);
  expect(plan[0]).toMatchObject({ table: 'member', key: 'member_login_type_created_at' });
});
