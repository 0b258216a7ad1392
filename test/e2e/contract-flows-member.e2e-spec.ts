import { startApi, type TestApi } from '../support/api';
import { json, startFixture, type ProviderFixture } from '../support/oauth-fixture';
import { TestBrowser } from '../support/oauth-browser';
import { linkOfWebClient, startGoogle, type Google } from '../support/oauth-google';
import { WebClient } from '../support/web-client';
import { Cookies } from '../support/web-tab';

const ORIGIN = 'http://localhost:3001';
const DEAD = 'c3RhbGU=';

let google: Google;
let kakao: ProviderFixture;
let api: TestApi;
beforeAll(async () => {
  [google, kakao] = await Promise.all([startGoogle(ORIGIN), startFixture('kakao', ORIGIN)]);
  api = await startApi({ ...google.settings, ...kakao.settings });
});
afterAll(async () => {
  await api.stop();
  await Promise.all([google.stop(), kakao.stop()]);
});

const aTab = (cookies?: Cookies) => new WebClient(api.client, cookies);

let people = 0;
/** A tab of somebody who has just come back from Kakao for the first time. */
async function aMemberTab(): Promise<WebClient> {
  const tab = aTab();
  const id = (people += 1);
  await tab.loginByCode('kakao', kakao.codeOf({ id, properties: { nickname: '루나' } }));
  return tab.forgetCalls();
}

/** A tab whose token has died meanwhile, in a browser that still has its cookie. */
async function aTabWithDeadToken(): Promise<WebClient> {
  const tab = await aMemberTab();
  await tab.visit();
  tab.token = DEAD;
  return tab.forgetCalls();
}

describe('the web client', () => {
  it('logs in by Google, as the page that Google sends the browser to', async () => {
    const there = await new TestBrowser(api.client).logInAt(linkOfWebClient(google), 'minji');
    const tab = aTab();
    const me = await tab.loginByCode('google', there.searchParams.get('code'));
    expect(tab.calls).toEqual(['POST auth/login 200', 'GET me 200', 'GET me 200']);
    expect(me).toMatchObject({ name: 'minji 님', loginType: 'google' });
    expect(tab.cookies.names).toEqual(['refreshToken']);
  });

  it('logs in by Kakao, although its tab still has the dead token of somebody else', async () => {
    const tab = aTab();
    tab.token = DEAD;
    const me = await tab.loginByCode('kakao', kakao.codeOf({ id: 1_000, properties: { nickname: '하루' } }));
    expect(tab.calls).toEqual(['POST auth/login 200', 'GET me 200', 'GET me 200']);
    expect(me).toMatchObject({ name: '하루', loginType: 'kakao' });
  });

  it('is told what went wrong when the provider refused, or fails, and can go on as a guest', async () => {
    const tab = aTab();
    await tab.loginByCode('kakao', null);
    kakao.misbehave('token', (_request, response) => json(response, 500, {}));
    await tab.loginByCode('kakao', kakao.codeOf({ id: 1_001 }));
    kakao.misbehave('token', undefined);
    await tab.loginAsGuest();
    expect(tab.calls).toEqual([
      ...['POST auth/login 400/1600', 'POST auth/login 500/1406'],
      ...['POST auth/guest 200', 'GET me 200', 'GET me 200'],
    ]);
  });

  it('in a new tab has no token, gets one by the cookie of the browser and goes on', async () => {
    const { cookies } = await aMemberTab();
    const tab = aTab(cookies);
    expect(await tab.visit()).toMatchObject({ loginType: 'kakao' });
    expect(tab.calls).toEqual(['GET me 400/1404', 'POST auth/refresh 200', 'GET me 200']);
  });

  it('refreshes three times at once when three calls fail together, and all three succeed', async () => {
    const tab = await aTabWithDeadToken();
    for (let round = 1; round <= 10; round += 1) {
      await tab.openRecordList(0);
      const counted = (call: string) => tab.calls.filter((one) => one === call).length;
      expect(tab.calls.filter((call) => call.endsWith(' 401/1403'))).toHaveLength(3);
      expect(counted('POST auth/refresh 200')).toBe(3);
      expect([counted('GET me 200'), counted('GET view/study-records 200')]).toEqual([1, 2]);
      expect(tab.calls).toHaveLength(9);
      tab.forgetCalls().token = DEAD;
    }
  });

  it('in three tabs at once refreshes with one cookie, and each tab goes on', async () => {
    const { cookies } = await aTabWithDeadToken();
    const tabs = [1, 2, 3].map(() => aTab(cookies));
    await Promise.all(tabs.map((tab) => tab.visit()));
    for (const tab of tabs)
      expect(tab.calls).toEqual(['GET me 400/1404', 'POST auth/refresh 200', 'GET me 200']);
  });

  it('whose session is over is signed out by 1402, however many calls fail together', async () => {
    const tab = await aTabWithDeadToken();
    await api.sql('DELETE FROM session');
    await tab.openRecordList(0);
    expect(tab.token).toBeUndefined();
    expect(tab.cookies.names).toEqual([]);
    const refreshes = tab.calls.filter((call) => call.startsWith('POST auth/refresh'));
    expect(refreshes).toHaveLength(3);
    for (const call of refreshes) expect(call).toMatch(/^POST auth\/refresh 400\/140[25]$/);
  });

  it('logs out, and at its next visit is told so by 1404 and 1405', async () => {
    const tab = await aMemberTab();
    await tab.logout();
    expect(tab.cookies.names).toEqual([]);
    await tab.visit();
    expect(tab.calls).toEqual(['POST auth/logout 200', 'GET me 400/1404', 'POST auth/refresh 400/1405']);
  });

  it('in another tab of the same browser is logged out, too', async () => {
    const tab = await aMemberTab();
    const other = aTab(tab.cookies);
    await other.visit();
    await tab.logout();
    await other.forgetCalls().visit();
    expect(other.calls).toEqual(['GET me 401/1403', 'POST auth/refresh 400/1405']);
    expect(other.token).toBeUndefined();
  });

  it('lets a guest start as a member: the logout finds no session, and the login page opens', async () => {
    const tab = aTab();
    await tab.loginAsGuest();
    await tab.forgetCalls().logout();
    await tab.loginByCode('kakao', kakao.codeOf({ id: 1_002 }));
    expect(tab.calls).toEqual([
      ...['POST auth/logout 400/1405', 'POST auth/login 200', 'GET me 200', 'GET me 200'],
    ]);
  });

  it('shows the records of a member: a page and, without need, the next; the calendar with the months around', async () => {
    const tab = await aMemberTab();
    await tab.visit();
    await tab.create('1', '20');
    await tab.register('루나');
    await tab.press();
    await tab.studyToTheEnd();
    tab.forgetCalls();
    const [page, next] = await tab.openRecordList(0);
    expect(page).toMatchObject({
      studyRecords: [{ name: '알고리즘', totalCycle: 1, timePerCycle: 20 }],
      pageInfo: { pageNum: 0, totalPages: 1 },
    });
    expect(next).toEqual({ studyRecords: [], pageInfo: { pageNum: 1, totalPages: 1 } });
    const openedAt = new Date(page.studyRecords[0]?.createdDate ?? '');
    const today = openedAt.toLocaleDateString('sv-SE', { timeZone: 'Asia/Seoul' });
    const weeks = [
      ['2020-02-23', '2020-04-04'],
      [today, today],
      ['2030-03-31', '2030-05-04'],
    ] as const;
    expect(await tab.openCalendar(weeks)).toEqual([{}, { [today]: page.studyRecords }, {}]);
    expect(await tab.openRecordList(0, `&startDate=${today}&endDate=${today}`)).toEqual([page, next]);
    expect(new Set(tab.calls)).toEqual(
      new Set(['GET me 200', 'GET view/study-records 200', 'GET view/calendar/study-records 200']),
    );
  });
});
