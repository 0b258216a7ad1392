import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import { logInBy, trustEveryCode } from '../support/identities';
import { refresh } from '../support/logins';
import { aMember, changeProfile, unregister, type Member } from '../support/members';
import {
  advance,
  aLobby,
  aNewcomer,
  codeOf,
  enterCode,
  expectStatus,
  join,
  next,
  tryToJoin,
  tryToLeave,
  write,
  type Seat,
} from '../support/people';
import { referencesTo, tracesOf } from '../support/traces';

const ROUNDS = 30;
const MARK = 'Zq7';
jest.setTimeout(240_000);

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ DATABASE_POOL_SIZE: '20' });
  trustEveryCode(api, { name: `${MARK} 이름` });
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.stop();
});

async function rounds(work: (round: number) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await work(round);
}

/** A lobby that the member may join. */
async function aLobbyFor(member: Member): Promise<Seat> {
  const host = await aLobby(api.client);
  expectStatus(200, await enterCode(api.client, member, await codeOf(api.client, host)));
  return host;
}

/** A lobby of the member and two others. */
async function aLobbyOf(member: Member): Promise<{ own: Seat; others: [Seat, Seat] }> {
  const body = { name: '함께', totalCycle: 2, timePerCycle: 25 };
  const opened = expectStatus(201, await api.client.post('/api/v2/studies', { token: member.token, body }));
  const studyId = Number(opened.headers.get('location')?.split('/').at(-1));
  const own = await join(api.client, member, studyId, MARK);
  return { own, others: [await aNewcomer(api.client, own, '루나'), await aNewcomer(api.client, own, '솔')] };
}

function startSolo({ token }: Member, key?: string): Promise<Answer<Problem>> {
  const body = { name: `${MARK}혼자`, totalCycle: 1, timePerCycle: 20 };
  const headers: Record<string, string> = key === undefined ? {} : { 'idempotency-key': key };
  return api.client.post('/api/v2/solo-studies', { token, body, headers });
}

const open = ({ token }: Member) =>
  api.client.post<Problem>('/api/v2/studies', {
    token,
    body: { name: `${MARK}방`, totalCycle: 1, timePerCycle: 20 },
  });
const openFeed = ({ token }: Member) => api.client.post<Problem>('/api/v2/me/calendar-feed', { token });

/** Nothing of a member is left but seats in studies that are over, without a name. */
async function expectForgotten({ memberId }: Member): Promise<void> {
  const left = ['funnel_event.member_id', 'participant.member_id', 'study.creator_id'];
  expect((await referencesTo(api, memberId)).filter((one) => !left.includes(one))).toEqual([]);
  const seats = await api.sql(
    "SELECT p.id FROM participant p JOIN study s ON s.id = p.study_id WHERE p.member_id = ? AND s.step <> 'DONE'",
    [memberId],
  );
  expect(seats).toEqual([]);
}

const hostsOf = (studyId: number) =>
  api.sql<{ nickname: string }>('SELECT nickname FROM participant WHERE study_id = ? AND is_host = 1', [
    studyId,
  ]);

describe('whoever leaves the service while', () => {
  const meanwhile: Record<string, (member: Member) => Promise<() => Promise<Answer<unknown>>>> = {
    joining: async (member) => {
      const { studyId } = await aLobbyFor(member);
      return () => tryToJoin(api.client, member, studyId, MARK);
    },
    'starting a solo study': (member) => Promise.resolve(() => startSolo(member)),
    'starting a solo study under a key': (member) => Promise.resolve(() => startSolo(member, MARK)),
    'opening a study': (member) => Promise.resolve(() => open(member)),
    'entering a code': async (member) => {
      const code = await codeOf(api.client, await aLobby(api.client));
      return () => enterCode(api.client, member, code);
    },
    'writing a plan': async (member) => {
      const { own } = await aLobbyOf(member);
      await advance(api.client, own, 1);
      return () => write(api.client, own, 'plan', { toDo: MARK });
    },
    'moving a study on': async (member) => {
      const { own } = await aLobbyOf(member);
      await advance(api.client, own, 1);
      return () => next(api.client, own);
    },
    'ending a study under a key': async (member) => {
      const { own } = await aLobbyOf(member);
      await advance(api.client, own, 6);
      const headers = { 'idempotency-key': MARK };
      return () =>
        api.client.post(`/api/v2/studies/${own.studyId}/next-step`, { token: member.token, headers });
    },
    'leaving a study': async (member) => {
      const { own } = await aLobbyOf(member);
      await advance(api.client, own, 1);
      return () => tryToLeave(api.client, own);
    },
    'changing the profile': (member) =>
      Promise.resolve(() => changeProfile(api.client, member, { nickname: MARK })),
    'opening a calendar feed': (member) => Promise.resolve(() => openFeed(member)),
  };

  it.each(Object.keys(meanwhile))('%s is forgotten, whichever comes first', async (what) => {
    await rounds(async (round) => {
      const member = await aMember(api, `${what} ${round}`);
      const act = await meanwhile[what]?.(member);
      const [left, acted] = await Promise.all([unregister(api.client, member), act?.()]);
      expect(left.status).toBe(204);
      expect([what, (acted?.status ?? 500) < 500]).toEqual([what, true]);
      if (acted?.status === 404) expect(acted.body).toMatchObject({ code: 1201 });
      await expectForgotten(member);
    });
    const traces = await tracesOf(api, MARK);
    expect(traces).toEqual([]);
  });
});

it('whoever does everything at once while leaving is forgotten, and the others go on under one host', async () => {
  await rounds(async (round) => {
    const member = await aMember(api, `all-${round}`);
    const lobby = await aLobbyFor(member);
    const { own, others } = await aLobbyOf(member);
    await advance(api.client, own, 1);
    const [left, ...answers] = await Promise.all([
      unregister(api.client, member),
      tryToJoin(api.client, member, lobby.studyId, MARK),
      startSolo(member, MARK),
      open(member),
      write(api.client, own, 'plan', { toDo: MARK }),
      next(api.client, own, { expectedStep: 'planning', expectedCycle: 1 }),
      changeProfile(api.client, member, { nickname: MARK }),
      tryToLeave(api.client, others[0]),
      refresh(api, member.refreshToken),
    ]);
    expect(left.status).toBe(204);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    await expectForgotten(member);
    expect(await hostsOf(own.studyId)).toEqual([{ nickname: '솔' }]);
    expect(await hostsOf(lobby.studyId)).toEqual([{ nickname: '방장' }]);
  });
  expect(await tracesOf(api, MARK)).toEqual([]);
});

it('whoever presses five times leaves once', async () => {
  await rounds(async (round) => {
    const member = await aMember(api, `five-${round}`);
    const reason = `이유 ${round}`;
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => unregister(api.client, member, reason)),
    );
    const told = answers.map(({ status, body }) => (status === 204 ? 204 : body.code));
    expect(told.sort((a, b) => a - b)).toEqual([204, 1403, 1403, 1403, 1403]);
    expect(await api.sql('SELECT id FROM unregistration WHERE reason = ?', [reason])).toHaveLength(1);
  });
});

it('whoever logs in again while leaving is a new member, or logged out', async () => {
  await rounds(async (round) => {
    const subject = `again-${round}`;
    const member = await aMember(api, subject);
    const [left, ...logins] = await Promise.all([
      unregister(api.client, member),
      ...Array.from({ length: 4 }, () => logInBy(api, subject)),
    ]);
    expect(left.status).toBe(204);
    expect(logins.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    const sessions = await api.sql(
      'SELECT l.id FROM session l JOIN member m ON m.id = l.member_id WHERE m.unregistered_at IS NOT NULL',
    );
    expect(sessions).toEqual([]);
    const known = await api.sql<{ member_id: number }>('SELECT member_id FROM identity WHERE subject = ?', [
      subject,
    ]);
    expect(known.length).toBeLessThanOrEqual(1);
    expect(known.map(({ member_id }) => member_id)).not.toContain(member.memberId);
    const after = await aMember(api, subject);
    expect(after.memberId).toBeGreaterThan(member.memberId);
    await unregister(api.client, after);
  });
});

it('a host and the next host who leave at the same instant hand the study on to the third', async () => {
  await rounds(async (round) => {
    const member = await aMember(api, `host-${round}`);
    const { own, others } = await aLobbyOf(member);
    await advance(api.client, own, 1);
    const answers = await Promise.all([own, others[0]].map((seat) => unregister(api.client, seat)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204]);
    expect(await hostsOf(own.studyId)).toEqual([{ nickname: '솔' }]);
  });
});
