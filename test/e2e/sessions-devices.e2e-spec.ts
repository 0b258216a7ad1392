import { LIMITS } from '../../apps/api/src/http/limits';
import { HousekeepingService } from '../../apps/api/src/housekeeping/housekeeping.service';
import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import { holdClock } from '../support/held-clock';
import { aMember, entryWith, logIn, refresh, type Device } from '../support/logins';
import { aGuest, expectStatus, refusal, type Person } from '../support/people';

interface Listed {
  readonly sessionId: string;
  readonly device: string | null;
  readonly createdAt: string;
  readonly lastUsedAt: string;
  readonly isCurrent: boolean;
}

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

async function listFor({ token }: Person): Promise<Listed[]> {
  const answer = await api.client.get<{ sessions: Listed[] }>('/api/v2/me/sessions', { token });
  return expectStatus(200, answer).body.sessions;
}

const end = ({ token }: Person, sessionId: string): Promise<Answer> =>
  api.client.delete(`/api/v2/me/sessions/${sessionId}`, { token });

/** What the list calls the device that asks. */
async function idOf(device: Device): Promise<string> {
  return (await listFor(device)).find(({ isCurrent }) => isCurrent)?.sessionId ?? '';
}

describe('the list of devices', () => {
  it('shows each with what it called itself and when it was used, the last one first', async () => {
    const clock = holdClock(api);
    const begin = new Date(clock.nowMs).toISOString();
    const phone = await logIn(api, undefined, 'Haru on a phone');
    clock.pass(60);
    const laptop = await logIn(api, phone.memberId, 'Haru on a laptop');
    clock.pass(60);
    await refresh(api, phone.refreshToken);
    const [now, minuteAgo] = [0, 60].map((s) => new Date(clock.nowMs - s * 1_000).toISOString());
    const sessionId = expect.stringMatching(/^[\w-]{22}$/) as string;
    expect(await listFor(laptop)).toEqual([
      { sessionId, device: 'Haru on a phone', createdAt: begin, lastUsedAt: now, isCurrent: false },
      { sessionId, device: 'Haru on a laptop', createdAt: minuteAgo, lastUsedAt: minuteAgo, isCurrent: true },
    ]);
  });

  it('is empty for a guest, and never shows anybody else', async () => {
    await logIn(api);
    expect(await listFor(await aGuest(api.client))).toEqual([]);
    expect(await listFor(await logIn(api))).toHaveLength(1);
  });

  it('leaves out logins that are over', async () => {
    const clock = holdClock(api);
    const old = await logIn(api);
    clock.pass(14 * 24 * 60 * 60);
    expect(await listFor(await logIn(api, old.memberId))).toHaveLength(1);
  });

  it('knows no name of a device that says none', async () => {
    expect((await listFor(await logIn(api, undefined, null)))[0]?.device).toBeNull();
  });

  it.each([
    [LIMITS.deviceLength, LIMITS.deviceLength],
    [LIMITS.deviceLength + 1, LIMITS.deviceLength],
  ])('keeps of a name of %i characters %i', async (length, kept) => {
    const device = await logIn(api, undefined, 'x'.repeat(length));
    expect((await listFor(device))[0]?.device).toHaveLength(kept);
  });

  it('is not stored by anybody', async () => {
    const { token } = await logIn(api);
    const { headers } = await api.client.get('/api/v2/me/sessions', { token });
    expect(headers.get('cache-control')).toBe('no-store');
  });
});

describe('a device that is logged out by another', () => {
  it('is out at once, with its access token, and the other one is not', async () => {
    const lost = await logIn(api);
    const kept = await logIn(api, lost.memberId);
    const { status, body } = await end(kept, await idOf(lost));
    expect([status, body]).toEqual([204, '']);
    expect(await entryWith(api, lost.token)).toBe(1403);
    expect(refusal(await refresh(api, lost.refreshToken))).toEqual([400, 1402]);
    expect(await entryWith(api, kept.token)).toBe(200);
    expect(await listFor(kept)).toHaveLength(1);
  });

  it('may be the one that asks', async () => {
    const device = await logIn(api);
    expect((await end(device, await idOf(device))).status).toBe(204);
    expect(await entryWith(api, device.token)).toBe(1403);
  });

  it('is out on polls, too, which look it up by themselves', async () => {
    const device = await logIn(api);
    await end(device, await idOf(device));
    for (const path of ['progress', 'waiting', 'submitted']) {
      const answer = await api.client.get(`/api/v2/${path}?studyId=1`, { token: device.token });
      expect([path, ...refusal(answer)]).toEqual([path, 401, 1403]);
    }
  });

  it('cannot be logged out a second time', async () => {
    const kept = await logIn(api);
    const sessionId = await idOf(await logIn(api, kept.memberId));
    expect((await end(kept, sessionId)).status).toBe(204);
    expect(refusal(await end(kept, sessionId))).toEqual([404, 1407]);
  });

  it('is never of another member, who is told nothing but that there is none', async () => {
    const victim = await logIn(api);
    const sessionId = await idOf(victim);
    for (const stranger of [await logIn(api), await aGuest(api.client)]) {
      const answer = await end(stranger, sessionId);
      expect(refusal(answer)).toEqual([404, 1407]);
      expect(answer.body).toMatchObject({ message: '해당하는 로그인 기기가 없습니다.' });
    }
    expect(await entryWith(api, victim.token)).toBe(200);
  });

  it('allows nothing by its id', async () => {
    const device = await logIn(api);
    const sessionId = await idOf(device);
    expect(await entryWith(api, sessionId)).toBe(1403);
    for (const token of [sessionId, `${sessionId}.0.${'A'.repeat(43)}`])
      expect(refusal(await refresh(api, token))).toEqual([400, 1402]);
    expect((await refresh(api, device.refreshToken)).status).toBe(200);
  });

  it.each(['1', 'x'.repeat(21), 'x'.repeat(22), 'x'.repeat(23), 'x'.repeat(90), '%20', '..%2f', '가'])(
    'is not found by the id %j',
    async (id) => {
      expect(refusal(await end(await logIn(api), id))).toEqual([404, 1407]);
    },
  );
});

describe('a member', () => {
  it(`is logged in on ${LIMITS.sessionsPerMember} devices; one more ends the one unused longest`, async () => {
    const clock = holdClock(api);
    const memberId = await aMember(api);
    const devices: Device[] = [];
    for (let device = 0; device < LIMITS.sessionsPerMember; device += 1) {
      clock.pass(1);
      devices.push(await logIn(api, memberId));
    }
    const [first, second] = devices as [Device, Device];
    clock.pass(1);
    expect((await refresh(api, first.refreshToken)).status).toBe(200);
    expect(await listFor(first)).toHaveLength(LIMITS.sessionsPerMember);
    await logIn(api, memberId);
    expect(await listFor(first)).toHaveLength(LIMITS.sessionsPerMember);
    expect(await entryWith(api, first.token)).toBe(200);
    expect(await entryWith(api, second.token)).toBe(1403);
  });
});

describe('housekeeping', () => {
  it('forgets logins that are over, with what is noted of their tokens, and no others', async () => {
    const clock = holdClock(api);
    const old = await logIn(api);
    await refresh(api, old.refreshToken);
    clock.pass(14 * 24 * 60 * 60 - 0.001);
    await api.app.get(HousekeepingService).tidy();
    const notes = () => api.sql<{ count: number }>('SELECT COUNT(*) AS count FROM session_rotation');
    const rows = () => api.sql('SELECT id FROM session WHERE member_id = ?', [old.memberId]);
    expect(await rows()).toHaveLength(1);
    const before = (await notes())[0]?.count ?? 0;
    clock.pass(0.001);
    await api.app.get(HousekeepingService).tidy();
    expect(await rows()).toEqual([]);
    expect((await notes())[0]?.count).toBeLessThan(before);
  });
});
