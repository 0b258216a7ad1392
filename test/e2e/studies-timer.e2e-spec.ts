import { startApi, type TestApi } from '../support/api';
import {
  advance,
  aLobby,
  aNewcomer,
  anInvited,
  expectStatus,
  join,
  leave,
  lobbyOf,
  next,
  refusal,
  studyOf,
  tryToJoin,
  write,
  type Seat,
} from '../support/people';
import { letPass } from '../support/time-travel';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const MINUTE_S = 60;
const timerOf = async (seat: Seat) => (await studyOf(api.client, seat)).lastModifiedDate;

describe('the timer of a study', () => {
  it('begins with the study, and anew with each step, up to the end', async () => {
    const host = await aLobby(api.client, { totalCycle: 2 });
    const { createdDate, lastModifiedDate } = await studyOf(api.client, host);
    expect(lastModifiedDate).toBe(createdDate);
    for (let step = 1; step <= 7; step += 1) {
      await letPass(api, host.studyId, 5 * MINUTE_S);
      const before = new Date().toISOString();
      await advance(api.client, host, 1);
      const started = await timerOf(host);
      expect(before <= started && started <= new Date().toISOString()).toBe(true);
    }
    const { createdDate: createdBefore } = await studyOf(api.client, host);
    expect(Date.parse(createdDate) - Date.parse(createdBefore)).toBe(7 * 5 * MINUTE_S * 1_000);
  });

  it('does not begin anew when the study is over already', async () => {
    const host = await aLobby(api.client, { totalCycle: 1 });
    await advance(api.client, host, 4);
    await letPass(api, host.studyId, MINUTE_S);
    const over = await timerOf(host);
    await advance(api.client, host, 2);
    expect(await timerOf(host)).toBe(over);
  });

  it('goes on while people come, come again, look and leave', async () => {
    const host = await aLobby(api.client);
    await letPass(api, host.studyId, MINUTE_S);
    const before = await studyOf(api.client, host);
    const newcomer = await aNewcomer(api.client, host);
    await tryToJoin(api.client, newcomer, host.studyId, '솔');
    await anInvited(api.client, host);
    await lobbyOf(api.client, newcomer);
    await leave(api.client, newcomer);
    expect(await studyOf(api.client, host)).toEqual(before);
  });

  it('goes on while people write, and write again', async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, 1);
    for (const kind of ['plan', 'retrospect'] as const) {
      await letPass(api, host.studyId, MINUTE_S);
      const before = await studyOf(api.client, host);
      for (let times = 0; times < 2; times += 1) expectStatus(200, await write(api.client, host, kind));
      expect(await studyOf(api.client, host)).toEqual(before);
      await advance(api.client, host, 2);
    }
  });

  it('goes on when a step is refused', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await advance(api.client, host, 1);
    await letPass(api, host.studyId, MINUTE_S);
    const before = await timerOf(host);
    expect(refusal(await next(api.client, newcomer))).toEqual([403, 1205]);
    expect(refusal(await next(api.client, host, { expectedStep: 'studying' }))).toEqual([409, 1309]);
    expect(await timerOf(host)).toBe(before);
  });

  it('goes on when the host leaves, in the lobby and in a running study', async () => {
    const host = await aLobby(api.client);
    const newcomer = await aNewcomer(api.client, host);
    await letPass(api, host.studyId, MINUTE_S);
    const waiting = await studyOf(api.client, newcomer);
    await leave(api.client, host);
    const back = await join(api.client, host, host.studyId);
    expect(await studyOf(api.client, newcomer)).toEqual(waiting);
    await advance(api.client, back, 2);
    await letPass(api, host.studyId, MINUTE_S);
    const running = await studyOf(api.client, newcomer);
    await leave(api.client, back);
    expect(await studyOf(api.client, newcomer)).toEqual(running);
  });

  it('does not stop by itself: nothing moves a study on but its host', async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, 2);
    await letPass(api, host.studyId, 24 * 60 * MINUTE_S);
    expect((await studyOf(api.client, host)).progressStep).toBe('studying');
  });

  it('is told as an instant with Z, whatever the zone of the reader', async () => {
    const host = await aLobby(api.client);
    await advance(api.client, host, 1);
    await api.sql(
      "UPDATE study SET created_at = '2024-03-03 15:46:48.123', step_started_at = '2024-03-03 15:47:02.5' WHERE id = ?",
      [host.studyId],
    );
    expect(await studyOf(api.client, host)).toMatchObject({
      createdDate: '2024-03-03T15:46:48.123Z',
      lastModifiedDate: '2024-03-03T15:47:02.500Z',
    });
  });
});
