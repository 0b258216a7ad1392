import { startApi, type TestApi } from '../support/api';
import type { Answer } from '../support/api-client';
import { holdRow } from '../support/held-row';
import { link, trustEveryCode } from '../support/identities';
import { aMember, changeProfile, unregister } from '../support/members';
import {
  advance,
  aLobby,
  aSoloStudy,
  codeOf,
  enterCode,
  next,
  refusal,
  tryToJoin,
  type Person,
} from '../support/people';
import { referencesTo } from '../support/traces';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
  trustEveryCode(api);
});
afterAll(async () => {
  jest.restoreAllMocks();
  await api.stop();
});

type Act = (person: Person) => Promise<Answer<unknown>>;

const post =
  (path: string, body: object, headers: Record<string, string> = {}): Act =>
  ({ token }) =>
    api.client.post(`/api/v2/${path}`, { token, body, headers });
const STUDY = { name: '늦은', totalCycle: 1, timePerCycle: 20 };
const KEY = { 'idempotency-key': 'late' };

/** Each is under way, past the check of its token, when its member has left. */
const late: Record<string, () => Promise<Act> | Act> = {
  'joining a study': async () => {
    const { studyId } = await aLobby(api.client);
    return (person) => tryToJoin(api.client, person, studyId);
  },
  'entering a code': async () => {
    const code = await codeOf(api.client, await aLobby(api.client));
    return (person) => enterCode(api.client, person, code);
  },
  'opening a study': () => post('studies', STUDY),
  'opening a study under a key': () => post('studies', STUDY, KEY),
  'starting a solo study': () => post('solo-studies', STUDY),
  'starting a solo study under a key': () => post('solo-studies', STUDY, KEY),
  'changing the profile': () => (person) => changeProfile(api.client, person, { nickname: '늦은' }),
  'linking an identity': () => (person) => link(api, person, 'late', 'kakao'),
  'opening a calendar feed': () => post('me/calendar-feed', {}),
  'leaving once more': () => (person) => unregister(api.client, person),
};

it.each(Object.keys(late))(
  '%s is refused with 1403 when it comes too late, and leaves nothing',
  async (what) => {
    const act = await late[what]?.();
    const member = await aMember(api, what);
    const commit = await holdRow(
      api,
      'UPDATE member SET unregistered_at = created_at, token_version = token_version + 1 WHERE id = ?',
      [member.memberId],
    );
    const before = await referencesTo(api, member.memberId);
    const answer = act?.(member);
    await commit();
    expect(refusal((await answer) as Answer)).toEqual([401, 1403]);
    expect(await referencesTo(api, member.memberId)).toEqual(before);
  },
);

it('a press of "next" under a key, too late, is not kept', async () => {
  const me = await aSoloStudy(api.client, { totalCycle: 1 });
  await advance(api.client, me, 3);
  const commit = await holdRow(api, 'UPDATE member SET unregistered_at = created_at WHERE id = ?', [
    me.memberId,
  ]);
  const path = `/api/v2/studies/${me.studyId}/next-step`;
  const answer = api.client.post(path, { token: me.token, headers: KEY });
  await commit();
  expect((await answer).status).toBe(204);
  expect(await api.sql('SELECT * FROM idempotency_key WHERE member_id = ?', [me.memberId])).toEqual([]);
  expect((await next(api.client, me)).status).toBe(204);
});
