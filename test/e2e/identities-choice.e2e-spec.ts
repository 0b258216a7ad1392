import { HousekeepingService } from '../../apps/api/src/housekeeping/housekeeping.service';
import { startApi, type TestApi } from '../support/api';
import { holdClock } from '../support/held-clock';
import { aClaim, anOwner, confirm, link, logInBy, personOf, trustEveryCode } from '../support/identities';
import { entryWith, logIn, refresh } from '../support/logins';
import { aGuest, expectStatus, refusal } from '../support/people';

const TEN_MINUTES_S = 600;

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
beforeEach(() => trustEveryCode(api));
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

describe('an identity that another member is known by', () => {
  it('is refused with the choices of a guest, and nothing changes', async () => {
    await anOwner(api, 'taken');
    const guest = await aGuest(api.client);
    const answer = await link(api, guest, 'taken');
    expect(refusal(answer)).toEqual([409, 1410]);
    expect(answer.body).toMatchObject({
      choices: ['switch', 'merge'],
      confirmation: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(answer.headers.get('set-cookie')).toBeNull();
    expect(await entryWith(api, guest.token)).toBe(200);
  });

  it('can only be switched to by a full member', async () => {
    await anOwner(api, 'owned');
    const member = await anOwner(api, 'full');
    const answer = await link(api, member, 'owned');
    expect(answer.body).toMatchObject({ code: 1410, choices: ['switch'] });
    const { confirmation } = answer.body as unknown as { confirmation: string };
    expect(refusal(await confirm(api, member, confirmation, 'merge'))).toEqual([400, 1411]);
    expect((await confirm(api, member, confirmation, 'switch')).status).toBe(200);
    expect(await entryWith(api, member.token)).toBe(200);
  });

  it('leaves no confirmation readable in the database', async () => {
    await anOwner(api, 'hashed');
    const { confirmation } = await aClaim(api, 'hashed');
    const rows = await api.sql('SELECT * FROM identity_claim WHERE subject = ?', ['hashed']);
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain(confirmation);
  });
});

describe('a guest who switches', () => {
  it('is logged in as the member, with a refresh cookie, and stays a guest elsewhere', async () => {
    const owner = await anOwner(api, 'switched');
    const { guest, confirmation } = await aClaim(api, 'switched');
    const person = await personOf(api, await confirm(api, guest, confirmation, 'switch'));
    expect(person.memberId).toBe(owner.memberId);
    expect((await refresh(api, person.refreshToken)).status).toBe(200);
    expect(await entryWith(api, guest.token)).toBe(200);
  });
});

describe('a guest who merges', () => {
  it('is logged in as the member; its own tokens end', async () => {
    const owner = await anOwner(api, 'merged');
    const { guest, confirmation } = await aClaim(api, 'merged');
    const person = await personOf(api, await confirm(api, guest, confirmation, 'merge'));
    expect(person.memberId).toBe(owner.memberId);
    expect((await refresh(api, person.refreshToken)).status).toBe(200);
    expect(await entryWith(api, guest.token)).toBe(1403);
    expect(await entryWith(api, owner.token)).toBe(200);
  });

  it('leaves no other claim open', async () => {
    await anOwner(api, 'claimed-once');
    await anOwner(api, 'claimed-twice');
    const { guest, confirmation: other } = await aClaim(api, 'claimed-once');
    const { confirmation } = await aClaim(api, 'claimed-twice', guest);
    expectStatus(200, await confirm(api, guest, confirmation, 'merge'));
    expect(refusal(await confirm(api, guest, other, 'switch'))).toEqual([401, 1403]);
  });
});

describe('a confirmation', () => {
  it.each(['switch', 'merge'])('sent again with the same choice (%s) gets the same login', async (choice) => {
    const subject = `again-${choice}`;
    const owner = await anOwner(api, subject);
    const { guest, confirmation } = await aClaim(api, subject);
    const first = await personOf(api, await confirm(api, guest, confirmation, choice));
    const again = await personOf(api, await confirm(api, guest, confirmation, choice));
    expect(again).toMatchObject({ memberId: owner.memberId, refreshToken: first.refreshToken });
    const logins = await api.sql('SELECT id FROM session WHERE member_id = ?', [owner.memberId]);
    expect(logins).toHaveLength(2);
  });

  it('is refused for another choice', async () => {
    await anOwner(api, 'undecided');
    const { guest, confirmation } = await aClaim(api, 'undecided');
    expectStatus(200, await confirm(api, guest, confirmation, 'switch'));
    expect(refusal(await confirm(api, guest, confirmation, 'merge'))).toEqual([400, 1411]);
    expect(await entryWith(api, guest.token)).toBe(200);
  });

  it('is refused once the login that it led to has ended', async () => {
    await anOwner(api, 'logged-out');
    const { guest, confirmation } = await aClaim(api, 'logged-out');
    const { memberId } = await personOf(api, await confirm(api, guest, confirmation, 'merge'));
    await api.sql('DELETE FROM session WHERE member_id = ?', [memberId]);
    expect(refusal(await confirm(api, guest, confirmation, 'merge'))).toEqual([400, 1411]);
  });

  it('is refused for anybody else', async () => {
    await anOwner(api, 'foreign');
    const { guest, confirmation } = await aClaim(api, 'foreign');
    const thief = await aGuest(api.client);
    expect(refusal(await confirm(api, thief, confirmation, 'switch'))).toEqual([400, 1411]);
    expectStatus(200, await confirm(api, guest, confirmation, 'switch'));
    expect(refusal(await confirm(api, thief, confirmation, 'switch'))).toEqual([400, 1411]);
  });

  it('is good for 10 minutes, to the millisecond', async () => {
    const clock = holdClock(api);
    await anOwner(api, 'timely');
    const first = await aClaim(api, 'timely');
    clock.pass(TEN_MINUTES_S - 0.001);
    expect((await confirm(api, first.guest, first.confirmation, 'switch')).status).toBe(200);
    clock.pass(0.001);
    expect(refusal(await confirm(api, first.guest, first.confirmation, 'switch'))).toEqual([400, 1411]);
  });

  it('is forgotten by the housekeeping when its time is over, not before', async () => {
    const clock = holdClock(api);
    await anOwner(api, 'tidied');
    const claims = () => api.sql('SELECT 1 FROM identity_claim WHERE subject = ?', ['tidied']);
    await aClaim(api, 'tidied');
    clock.pass(TEN_MINUTES_S - 0.001);
    await api.app.get(HousekeepingService).tidy();
    expect(await claims()).toHaveLength(1);
    clock.pass(0.001);
    await api.app.get(HousekeepingService).tidy();
    expect(await claims()).toEqual([]);
  });

  it('is refused when the owner has left meanwhile, and what the identity leads to then is a new member', async () => {
    const owner = await anOwner(api, 'gone');
    const { guest, confirmation } = await aClaim(api, 'gone');
    const body = { reason: '이사' };
    expectStatus(204, await api.client.post('/api/v2/unregister', { token: owner.token, body }));
    expect(await api.sql('SELECT 1 FROM identity_claim WHERE subject = ?', ['gone'])).toEqual([]);
    expect(refusal(await confirm(api, guest, confirmation, 'merge'))).toEqual([400, 1411]);
    const next = await personOf(api, await logInBy(api, 'gone'));
    expect(next.memberId).not.toBe(owner.memberId);
  });

  it('is refused with 1403 for a caller who has logged out', async () => {
    await anOwner(api, 'ended');
    const caller = await logIn(api);
    const { confirmation } = await aClaim(api, 'ended', caller);
    await api.sql('DELETE FROM session WHERE member_id = ?', [caller.memberId]);
    expect(refusal(await confirm(api, caller, confirmation, 'switch'))).toEqual([401, 1403]);
  });

  it('is refused with 1403 for a guest who has become a member meanwhile', async () => {
    await anOwner(api, 'too-late');
    const { guest, confirmation } = await aClaim(api, 'too-late');
    const member = await personOf(api, await link(api, guest, 'own-identity', 'kakao'));
    expect(refusal(await confirm(api, guest, confirmation, 'merge'))).toEqual([401, 1403]);
    expect(refusal(await confirm(api, member, confirmation, 'merge'))).toEqual([400, 1411]);
  });

  it('is refused with 1002 for a caller whose row is gone', async () => {
    const guest = await aGuest(api.client);
    await api.sql('DELETE FROM funnel_event WHERE member_id = ?', [guest.memberId]);
    await api.sql('DELETE FROM member WHERE id = ?', [guest.memberId]);
    expect(refusal(await confirm(api, guest, 'x', 'switch'))).toEqual([404, 1002]);
  });

  it.each([
    {},
    { confirmation: 'x' },
    { choice: 'merge' },
    { confirmation: '', choice: 'merge' },
    { confirmation: 'x'.repeat(101), choice: 'merge' },
    { confirmation: ['x'], choice: 'merge' },
    { confirmation: 'x', choice: 'MERGE' },
    { confirmation: 'x', choice: 'link' },
    { confirmation: 'x', choice: 'merge', memberId: 1 },
  ])('of the form %j is refused with 1600', async (body) => {
    const { token } = await aGuest(api.client);
    const answer = await api.client.post('/api/v2/me/identities/confirm', { token, body });
    expect(refusal(answer)).toEqual([400, 1600]);
  });

  it('that nobody was given is refused with 1411, at the longest too', async () => {
    const guest = await aGuest(api.client);
    for (const text of ['x', 'x'.repeat(100)])
      expect(refusal(await confirm(api, guest, text, 'merge'))).toEqual([400, 1411]);
  });
});
