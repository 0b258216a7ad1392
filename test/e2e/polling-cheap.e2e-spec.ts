import { Statements } from '@app/database';
import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import { logIn } from '../support/logins';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  anOpenStudy,
  join,
  leave,
  next,
  refusal,
  studyOf,
  UNKNOWN_ID,
  write,
  type Person,
  type Seat,
} from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());
afterEach(() => jest.restoreAllMocks());

const POLLS = ['waiting', 'progress', 'submitted'] as const;
type Poll = (typeof POLLS)[number];

const poll = (
  what: Poll,
  { token }: Person,
  studyId: number,
  headers: Record<string, string> = {},
): Promise<Answer> => api.client.get(`/api/v2/${what}?studyId=${studyId}`, { token, headers });
const holding = (what: Poll, seat: Seat, tag: string): Promise<Answer> =>
  poll(what, seat, seat.studyId, { 'if-none-match': tag });
const tagOf = async (what: Poll, seat: Seat): Promise<string> =>
  String((await poll(what, seat, seat.studyId)).headers.get('etag'));

/** A study in PLANNING with a host and one more. */
async function aPair(): Promise<{ host: Seat; newcomer: Seat }> {
  const host = await aLobby(api.client);
  const newcomer = await aNewcomer(api.client, host);
  await advance(api.client, host, 1);
  return { host, newcomer };
}

/** Whether what somebody does changes what a poll answers: its tag, and so that it is told. */
async function changesTag(what: Poll, seat: Seat, deed: () => Promise<unknown>): Promise<boolean> {
  const before = await tagOf(what, seat);
  await deed();
  const { status, headers } = await holding(what, seat, before);
  expect(status).toBe(headers.get('etag') === before ? 304 : 200);
  return status === 200;
}

describe.each(POLLS)('%s', (what) => {
  let seat: Seat;
  beforeAll(async () => {
    seat = (await aPair()).newcomer;
  });

  it('is answered with 304 and nothing more to one who holds the answer', async () => {
    const first = await poll(what, seat, seat.studyId);
    const again = await holding(what, seat, String(first.headers.get('etag')));
    expect([again.status, again.body, again.headers.get('content-type')]).toEqual([304, '', null]);
    expect(again.headers.get('etag')).toBe(first.headers.get('etag'));
    expect(again.headers.get('x-request-id')).not.toBeNull();
  });

  it('tells browsers to keep the answer but to ask each time, and proxies to keep nothing', async () => {
    const first = await poll(what, seat, seat.studyId);
    for (const { headers } of [first, await holding(what, seat, '*')]) {
      expect(headers.get('cache-control')).toBe('private, no-cache');
      expect(headers.get('vary')).toBe('Authorization');
      expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
    }
    expect(first.headers.get('content-type')).toBe('application/json; charset=utf-8');
  });

  it.each([
    ['a list', (tag: string) => `"other", ${tag}`, 304],
    ['a tag that a proxy has weakened', (tag: string) => `W/${tag}`, 304],
    ['any', () => '*', 304],
    ['another tag', () => '"other"', 200],
    ['no tag at all', () => 'other', 200],
    ['an empty text', () => '', 200],
  ])('understands %s in If-None-Match', async (_what, headerOf, status) => {
    const answer = await holding(what, seat, headerOf(await tagOf(what, seat)));
    expect(answer.status).toBe(status);
  });

  it('never tells a stranger by 304 that a study has not changed', async () => {
    const stranger = await aGuest(api.client);
    for (const tag of ['*', await tagOf(what, seat)]) {
      const answer = await poll(what, stranger, seat.studyId, { 'if-none-match': tag });
      expect(refusal(answer)).toEqual([403, 1500]);
      expect(answer.headers.get('etag')).toBeNull();
    }
    const answer = await poll(what, { ...seat, token: 'forged' }, seat.studyId, { 'if-none-match': '*' });
    expect(refusal(answer)).toEqual([401, 1403]);
  });

  it('asks the database once, whoever asks', async () => {
    const guest = await aGuest(api.client);
    const select = jest.spyOn(api.app.get(Statements), 'select');
    await poll(what, seat, seat.studyId);
    expect(select).toHaveBeenCalledTimes(1);
    await poll(what, guest, seat.studyId);
    expect(select).toHaveBeenCalledTimes(2);
  });
});

describe.each([...POLLS, 'studies'] as const)(
  '%s refuses, by the one statement that reads the answer',
  (what) => {
    const ask = ({ token }: Person, studyId: number): Promise<Answer> =>
      api.client.get(`/api/v2/${what === 'studies' ? `studies/${studyId}` : `${what}?studyId=${studyId}`}`, {
        token,
      });

    it('a token that was ended with 1403, before anything else', async () => {
      const { host } = await aPair();
      const calls = () => Promise.all([ask(host, host.studyId), ask(host, UNKNOWN_ID)]);
      expect((await calls()).map(refusal)).not.toContainEqual([401, 1403]);
      await api.sql('UPDATE member SET token_version = token_version + 1 WHERE id = ?', [host.memberId]);
      expect((await calls()).map(refusal)).toEqual([
        [401, 1403],
        [401, 1403],
      ]);
    });

    it('a token whose login was ended with 1403, and a member who is logged in not at all', async () => {
      const member = await logIn(api);
      const { studyId } = await join(api.client, member, await anOpenStudy(api.client, member));
      await next(api.client, { ...member, studyId, participantId: 0 });
      expect((await ask(member, studyId)).status).toBe(200);
      await api.sql('DELETE FROM session WHERE member_id = ?', [member.memberId]);
      expect(refusal(await ask(member, studyId))).toEqual([401, 1403]);
    });

    it('a member who has vanished with 1002, before it says whether there is such a study', async () => {
      const { studyId } = await aLobby(api.client);
      const guest = await aGuest(api.client);
      await api.sql('DELETE FROM member WHERE id = ?', [guest.memberId]);
      for (const id of [studyId, UNKNOWN_ID]) expect(refusal(await ask(guest, id))).toEqual([404, 1002]);
    });

    it('an unknown study with 1302 and a stranger with 1500', async () => {
      const { studyId } = await aLobby(api.client);
      const stranger = await aGuest(api.client);
      expect(refusal(await ask(stranger, UNKNOWN_ID))).toEqual([404, 1302]);
      expect(refusal(await ask(stranger, studyId))).toEqual([403, 1500]);
    });
  },
);

describe('the tag of waiting', () => {
  it('changes when somebody joins, leaves, comes back under another name, and when the study begins', async () => {
    const host = await aLobby(api.client);
    let newcomer: Seat | undefined;
    const join = async () => (newcomer = await aNewcomer(api.client, host));
    expect(await changesTag('waiting', host, join)).toBe(true);
    expect(await changesTag('waiting', host, () => leave(api.client, newcomer as Seat))).toBe(true);
    await join();
    const rename = () =>
      api.sql('UPDATE participant SET nickname = ? WHERE id = ?', ['솔', newcomer?.participantId]);
    expect(await changesTag('waiting', host, rename)).toBe(true);
    expect(await changesTag('waiting', host, () => next(api.client, host))).toBe(true);
  });

  it('changes when the host leaves, and for one who is let in no more there is none', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    const tag = await tagOf('waiting', newcomer);
    expect(await changesTag('waiting', newcomer, () => leave(api.client, host))).toBe(true);
    await api.sql('UPDATE invitation SET left_at = left_at - INTERVAL 10 SECOND WHERE member_id = ?', [
      host.memberId,
    ]);
    expect(refusal(await holding('waiting', host, tag))).toEqual([403, 1500]);
  });

  it('stays while nothing happens that the lobby shows', async () => {
    const host = await aLobby(api.client);
    expect(await changesTag('waiting', host, () => studyOf(api.client, host))).toBe(false);
  });
});

describe('the tag of progress', () => {
  it('changes with each step and with nothing else', async () => {
    const { host, newcomer } = await aPair();
    expect(await changesTag('progress', newcomer, () => write(api.client, newcomer, 'plan'))).toBe(false);
    expect(await changesTag('progress', host, () => leave(api.client, newcomer))).toBe(false);
    for (let step = 0; step < 6; step += 1)
      expect(await changesTag('progress', host, () => next(api.client, host))).toBe(true);
  });
});

describe('the tag of submitted', () => {
  it('changes when somebody writes, takes it back or leaves, and stays when a text is written anew', async () => {
    const { host, newcomer } = await aPair();
    const plan = (answers?: object) => () => write(api.client, newcomer, 'plan', answers);
    expect(await changesTag('submitted', host, plan())).toBe(true);
    expect(await changesTag('submitted', host, plan({ toDo: '다른 계획' }))).toBe(false);
    expect(await changesTag('submitted', host, plan({}))).toBe(true);
    expect(await changesTag('submitted', host, () => leave(api.client, newcomer))).toBe(true);
  });

  it('asks the database once for any number of participants', async () => {
    const host = await aLobby(api.client);
    for (let count = 0; count < 8; count += 1) await aNewcomer(api.client, host, `${count}`);
    await advance(api.client, host, 1);
    const select = jest.spyOn(api.app.get(Statements), 'select');
    const { body } = await poll('submitted', host, host.studyId);
    expect((body as { status: unknown[] }).status).toHaveLength(9);
    expect(select).toHaveBeenCalledTimes(1);
  });
});

describe('an answer to a page of another origin', () => {
  it('depends on the origin, too', async () => {
    const origin = 'https://haru.example';
    const open = await startApi({ CORS_ORIGINS: origin });
    try {
      const { token, studyId } = await aLobby(open.client);
      const ask = (headers: Record<string, string>) =>
        open.client.get(`/api/v2/waiting?studyId=${studyId}`, { token, headers });
      for (const tag of ['"other"', '*']) {
        const { headers } = await ask({ origin, 'if-none-match': tag });
        expect(headers.get('vary')).toBe('Origin, Authorization');
        expect(headers.get('access-control-allow-origin')).toBe(origin);
      }
    } finally {
      await open.stop();
    }
  });
});
