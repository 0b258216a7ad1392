import { startApi, type TestApi } from '../support/api';
import { aGuest, aLobby, codeOf, next, PLAN, refusal, tryToJoin, type Person } from '../support/people';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

async function aDeletedMember(): Promise<Person> {
  const person = await aGuest(api.client);
  await api.sql('DELETE FROM member WHERE id = ?', [person.memberId]);
  return person;
}

describe('me', () => {
  it('is shown to a guest as the contract has it', async () => {
    const { token, memberId } = await aGuest(api.client);
    const { status, body } = await api.client.get('/api/v2/me', { token });
    expect(status).toBe(200);
    expect(body).toEqual({ memberId, name: 'guest', email: null, imageUrl: null, loginType: 'guest' });
  });

  it('is shown to a member who has a name, an address and a picture', async () => {
    const { token, memberId } = await aGuest(api.client);
    const shown = { name: '루나', email: 'luna@example.com', imageUrl: 'https://example.com/luna.png' };
    await api.sql('UPDATE member SET name = ?, email = ?, image_url = ? WHERE id = ?', [
      ...Object.values(shown),
      memberId,
    ]);
    expect((await api.client.get('/api/v2/me', { token })).body).toMatchObject(shown);
  });
});

describe('a member who has been deleted', () => {
  it('is told so by me with 1002', async () => {
    const { token } = await aDeletedMember();
    const answer = await api.client.get('/api/v2/me', { token });
    expect(refusal(answer)).toEqual([404, 1002]);
    expect(answer.body).toMatchObject({ message: '해당하는 멤버가 없습니다.' });
  });

  it.each([
    ['studies', { name: '알고리즘', totalCycle: 1, timePerCycle: 20 }, {}],
    ['studies', { name: '알고리즘', totalCycle: 1, timePerCycle: 20 }, { 'idempotency-key': 'gone' }],
    ['solo-studies', { totalCycle: 1, timePerCycle: 20 }, {}],
    ['solo-studies', { totalCycle: 1, timePerCycle: 20 }, { 'idempotency-key': 'gone' }],
  ])('cannot open %s with %j and headers %j', async (path, body, headers) => {
    const { token } = await aDeletedMember();
    const answer = await api.client.post(`/api/v2/${path}`, { token, body, headers });
    expect(refusal(answer)).toEqual([404, 1002]);
  });

  it('is told of wrong fields first', async () => {
    const { token } = await aDeletedMember();
    expect(refusal(await api.client.post('/api/v2/studies', { token, body: {} }))).toEqual([400, 1304]);
  });

  it('cannot enter a code', async () => {
    const code = await codeOf(api.client, await aLobby(api.client));
    const { token } = await aDeletedMember();
    const answer = await api.client.get(`/api/v2/studies?participantCode=${code}`, { token });
    expect(refusal(answer)).toEqual([404, 1002]);
  });

  it('cannot join a study, whether it exists or not', async () => {
    const { studyId } = await aLobby(api.client);
    const gone = await aDeletedMember();
    expect(refusal(await tryToJoin(api.client, gone, studyId))).toEqual([404, 1002]);
    expect(refusal(await tryToJoin(api.client, gone, studyId + 1))).toEqual([404, 1002]);
    expect(refusal(await tryToJoin(api.client, { ...gone, memberId: 1 }, studyId))).toEqual([403, 1500]);
  });

  it.each<Record<string, string>>([{}, { 'idempotency-key': 'gone' }])(
    'cannot move a study on, with headers %j',
    async (headers) => {
      const { studyId } = await aLobby(api.client);
      const { token } = await aDeletedMember();
      const path = `/api/v2/studies/${studyId}/next-step`;
      expect(refusal(await api.client.post(path, { token, headers }))).toEqual([404, 1002]);
    },
  );

  it('cannot write a plan', async () => {
    const host = await aLobby(api.client);
    await next(api.client, host);
    const { token } = await aDeletedMember();
    const path = `/api/v2/studies/${host.studyId}/contents/write-plan`;
    const body = { participantId: host.participantId, plan: PLAN };
    expect(refusal(await api.client.post(path, { token, body }))).toEqual([404, 1002]);
  });
});
