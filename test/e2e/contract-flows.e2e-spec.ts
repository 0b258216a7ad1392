import { startApi, type TestApi } from '../support/api';
import { WebClient } from '../support/web-client';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const aTab = () => new WebClient(api.client);

async function aGuestTab(): Promise<WebClient> {
  const tab = aTab();
  await tab.loginAsGuest();
  return tab.forgetCalls();
}

/** A study in its lobby: its host's tab, and the code that the host passes on. */
async function aLobby(): Promise<{ host: WebClient; code: string }> {
  const host = await aGuestTab();
  await host.create('2', '25');
  await host.prepare();
  await host.register('방장');
  return { host, code: await host.openLobby() };
}

async function aJoiner(code: string): Promise<WebClient> {
  const tab = await aGuestTab();
  await tab.enter(` ${code.toLowerCase()} `);
  await tab.prepare();
  await tab.register('루나');
  await tab.openLobby();
  return tab.forgetCalls();
}

describe('the web client', () => {
  it('at its first visit is told that it has no session, by 1404 and 1405', async () => {
    const tab = aTab();
    await tab.visit();
    expect(tab.calls).toEqual(['GET me 400/1404', 'POST auth/refresh 400/1405']);
  });

  it('in a tab with a dead token is signed out by 1403 and 1405, and can log in as a guest again', async () => {
    const tab = aTab();
    tab.token = 'c3RhbGU=';
    await tab.visit();
    expect(tab.token).toBeUndefined();
    await tab.loginAsGuest();
    expect(tab.calls).toEqual([
      'GET me 401/1403',
      'POST auth/refresh 400/1405',
      'POST auth/guest 200',
      'GET me 200',
      'GET me 200',
    ]);
  });

  it('logs in as a guest, whose menu shows GUEST', async () => {
    const tab = aTab();
    const me = await tab.loginAsGuest();
    expect(tab.calls).toEqual(['POST auth/guest 200', 'GET me 200', 'GET me 200']);
    expect(me).toMatchObject({ name: 'guest', loginType: 'guest' });
  });

  it('studies alone, from the create form to the record', async () => {
    const tab = await aGuestTab();
    await tab.create('2', '20');
    await tab.register('guest');
    await tab.press();
    const record = await tab.studyToTheEnd();
    const cycle = [
      ...['POST studies/{s}/contents/write-plan 200', 'GET submitted 200'],
      ...['POST studies/{s}/next-step 204', 'GET studies/{s} 200', 'GET studies/{s}/contents 200'],
      ...['POST studies/{s}/next-step 204', 'GET studies/{s} 200'],
      ...['POST studies/{s}/contents/write-retrospect 200', 'GET submitted 200'],
      ...['POST studies/{s}/next-step 204', 'GET studies/{s} 200'],
    ];
    expect(tab.calls).toEqual([
      ...['POST studies 201', 'POST studies/{s}/participants 201', 'POST studies/{s}/next-step 204'],
      ...['GET studies/{s} 200', 'GET studies/{s}/participants 200'],
      ...[...cycle, ...cycle],
      ...['GET studies/{s} 200', 'GET studies/{s}/participants 200', 'GET studies/{s}/contents 200'],
    ]);
    expect(record.map(({ plan, retrospect }) => [plan['toDo'], retrospect['doneAsExpected']])).toEqual([
      ['1번째 계획', '1번째 회고'],
      ['2번째 계획', '2번째 회고'],
    ]);
  });

  it('opens a study for a group, waits in the lobby and starts it', async () => {
    const host = await aGuestTab();
    await host.create('2', '25');
    await host.prepare();
    await host.register('방장');
    expect(await host.openLobby()).toMatch(/^[A-Z]{6}$/);
    await host.pollLobby();
    await host.press();
    await host.openProgress();
    expect(host.calls).toEqual([
      ...['POST studies 201', 'GET temp/studies/{s}/participants 200', 'POST studies/{s}/participants 201'],
      ...[
        'GET participant-codes 200',
        'GET studies/{s}/participants 200',
        'GET waiting 200',
        'GET waiting 200',
      ],
      ...['POST studies/{s}/next-step 204', 'GET studies/{s} 200', 'GET studies/{s}/participants 200'],
    ]);
  });

  it('joins by a code, waits in the lobby and follows the host to the record', async () => {
    const { host, code } = await aLobby();
    const tab = await aGuestTab();
    expect(await tab.enter(code)).toBe('알고리즘');
    expect(await tab.prepare()).toBeNull();
    await tab.register('루나');
    await tab.openLobby();
    expect((await host.pollLobby()).participants.map(({ nickname }) => nickname)).toEqual(['방장', '루나']);
    await host.press();
    expect((await tab.pollLobby()).studyStep).toBe('inProgress');
    expect(tab.calls).toEqual([
      ...['GET studies 200', 'GET temp/studies/{s}/participants 200', 'POST studies/{s}/participants 201'],
      ...[
        'GET participant-codes 200',
        'GET studies/{s}/participants 200',
        'GET waiting 200',
        'GET waiting 200',
      ],
    ]);
    const seen = [await tab.openProgress(), ...(await tab.followToTheEnd(() => host.press()))];
    expect(seen).toEqual([
      'planning',
      'studying',
      'retrospect',
      'planning',
      'studying',
      'retrospect',
      'done',
    ]);
    expect(await tab.openRecord()).toHaveLength(2);
  });

  it('comes back by the code and goes on with its own participant', async () => {
    const { host, code } = await aLobby();
    const tab = await aJoiner(code);
    await host.press();
    await tab.enter(code);
    expect((await tab.prepare())?.map(({ nickname }) => nickname)).toEqual(['루나']);
    expect(await tab.openProgress()).toBe('planning');
    expect(tab.calls).toEqual([
      ...['GET studies 200', 'GET temp/studies/{s}/participants 200'],
      ...['GET studies/{s} 200', 'GET studies/{s}/participants 200'],
    ]);
  });

  it('comes back by the code and starts over, as long as the study waits', async () => {
    const { host, code } = await aLobby();
    const tab = await aJoiner(code);
    await tab.enter(code);
    await tab.prepare();
    await tab.leave();
    await tab.register('솔');
    await host.press();
    await tab.enter(code);
    await tab.prepare();
    await tab.leave();
    await tab.register('루나');
    expect(tab.calls).toEqual([
      ...['GET studies 200', 'GET temp/studies/{s}/participants 200'],
      ...['DELETE studies/{s}/participants/{p} 204', 'POST studies/{s}/participants 201'],
      ...['GET studies 200', 'GET temp/studies/{s}/participants 200'],
      ...['DELETE studies/{s}/participants/{p} 204', 'POST studies/{s}/participants 400/1307'],
    ]);
  });

  it('leaves the lobby, a last poll being under way, and is let in no more after that', async () => {
    const { host, code } = await aLobby();
    const tab = await aJoiner(code);
    await tab.leave();
    await tab.pollLobby();
    await tab.openProgress();
    expect(tab.calls).toEqual([
      'DELETE studies/{s}/participants/{p} 204',
      'GET waiting 200',
      'GET studies/{s} 403/1500',
      'GET studies/{s}/participants 404/1201',
    ]);
    expect((await host.pollLobby()).participants).toHaveLength(1);
  });

  it('is shown an empty lobby when the host leaves, and can come back to be host', async () => {
    const { host, code } = await aLobby();
    const tab = await aJoiner(code);
    await host.leave();
    expect((await tab.pollLobby()).participants).toEqual([]);
    await tab.enter(code);
    await tab.prepare();
    await tab.leave();
    await tab.prepare();
    await tab.register('루나');
    expect((await tab.pollLobby()).participants).toMatchObject([{ nickname: '루나', isHost: true }]);
    await tab.press();
    expect(tab.calls.at(-1)).toBe('POST studies/{s}/next-step 204');
  });
});
