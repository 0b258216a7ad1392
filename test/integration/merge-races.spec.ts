import { startApi, type TestApi } from '../support/api';
import { aClaim, anOwner, confirm, link, logInBy, personOf, trustEveryCode } from '../support/identities';
import { aSharedLobby, belongingsOf } from '../support/merges';
import {
  aGuest,
  aLobby,
  anInvited,
  aSoloStudy,
  codeOf,
  enterCode,
  expectStatus,
  join,
  next,
  refusal,
  tryToJoin,
  write,
  type Person,
  type Seat,
} from '../support/people';

const ROUNDS = 15;
jest.setTimeout(240_000);

let api: TestApi;
beforeAll(async () => {
  api = await startApi({ DATABASE_POOL_SIZE: '20' });
});
beforeEach(() => trustEveryCode(api));
afterEach(() => jest.restoreAllMocks());
afterAll(() => api.stop());

async function rounds(name: string, work: (subject: string) => Promise<void>): Promise<void> {
  for (let round = 0; round < ROUNDS; round += 1) await work(`${name}-${round}`);
}

const merge = (claim: { guest: Person; confirmation: string }) =>
  confirm(api, claim.guest, claim.confirmation, 'merge');
const seatsIn = (studyId: number) =>
  api.sql<{ member_id: number; is_host: number }>(
    'SELECT member_id, is_host FROM participant WHERE study_id = ? ORDER BY id',
    [studyId],
  );
const nothingIsLeftOf = async ({ memberId }: Person) => {
  const { seats, studies, invitations, keys } = await belongingsOf(api, memberId);
  expect([seats, studies, invitations, keys].flat()).toEqual([]);
};
/** What comes from a guest at the moment of its end is done before, or refused as that of nobody. */
const isDoneOrRefused = (
  answer: Parameters<typeof refusal>[0],
  done: number,
  alsoRefused: readonly number[] = [],
) => {
  if (answer.status !== done) expect([1403, ...alsoRefused]).toContain(refusal(answer)[1]);
};

describe('a merge', () => {
  it('that is confirmed 10 times at once happens once, each time with the same login', async () => {
    await rounds('ten', async (subject) => {
      const owner = await anOwner(api, subject);
      const claim = await aClaim(api, subject);
      const answers = await Promise.all(Array.from({ length: 10 }, () => merge(claim)));
      const people = await Promise.all(answers.map((answer) => personOf(api, answer)));
      expect(new Set(people.map(({ refreshToken }) => refreshToken)).size).toBe(1);
      expect((await belongingsOf(api, owner.memberId)).logins).toEqual([{ count: 2 }]);
    });
  });

  it('and the switch that is chosen at once: one of them counts', async () => {
    await rounds('both', async (subject) => {
      await anOwner(api, subject);
      const { guest, confirmation } = await aClaim(api, subject);
      const answers = await Promise.all(
        ['merge', 'switch'].map((choice) => confirm(api, guest, confirmation, choice)),
      );
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.map(refusal)).toEqual([[400, 1411]]);
    });
  });

  it('of five guests into one member, all in one study with it, leaves one seat, one host and every text', async () => {
    await rounds('five', async (subject) => {
      const owner = await anOwner(api, subject);
      const first = await aGuest(api.client);
      const seats = await aSharedLobby(api.client, first, owner);
      const code = await codeOf(api.client, seats.guest);
      const guests: Seat[] = [seats.guest];
      for (let more = 0; more < 4; more += 1) {
        const guest = await aGuest(api.client);
        expectStatus(200, await enterCode(api.client, guest, code));
        guests.push(await join(api.client, guest, seats.guest.studyId, `벗${more}`));
      }
      expectStatus(204, await next(api.client, seats.guest));
      for (const [index, guest] of guests.entries())
        expectStatus(200, await write(api.client, guest, 'plan', { toDo: `글${index}` }));
      const claims = await Promise.all(guests.map((guest) => aClaim(api, subject, guest)));
      const answers = await Promise.all(claims.map(merge));
      expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));
      const left = [{ member_id: owner.memberId, is_host: 1 }];
      expect(await seatsIn(seats.guest.studyId)).toEqual(left);
      const { contents } = await belongingsOf(api, owner.memberId);
      const plan = JSON.parse(String(contents[0]?.plan)) as { toDo: string };
      expect(plan.toDo.split('\n\n').sort()).toEqual(guests.map((_guest, index) => `글${index}`));
    });
  });
});

describe('what a guest does at the moment of its merge', () => {
  it('is there afterwards, or was refused: a join, also when the member joins the same study', async () => {
    await rounds('join', async (subject) => {
      const owner = await anOwner(api, subject);
      const host = await aLobby(api.client);
      const guest = await anInvited(api.client, host);
      expectStatus(200, await enterCode(api.client, owner, await codeOf(api.client, host)));
      const claim = await aClaim(api, subject, guest);
      const [joined, joinedToo, merged] = await Promise.all([
        tryToJoin(api.client, guest, host.studyId, '손님'),
        tryToJoin(api.client, owner, host.studyId, '회원'),
        merge(claim),
      ]);
      expect([joinedToo.status, merged.status]).toEqual([201, 200]);
      isDoneOrRefused(joined, 201);
      expect(await seatsIn(host.studyId)).toEqual([
        { member_id: host.memberId, is_host: 1 },
        { member_id: owner.memberId, is_host: 0 },
      ]);
      await nothingIsLeftOf(guest);
    });
  });

  it('is there afterwards, or was refused: a text in a study that both are in', async () => {
    await rounds('text', async (subject) => {
      const owner = await anOwner(api, subject);
      const seats = await aSharedLobby(api.client, await aGuest(api.client), owner);
      expectStatus(204, await next(api.client, seats.guest));
      expectStatus(200, await write(api.client, seats.owner, 'plan', { toDo: '회원' }));
      const claim = await aClaim(api, subject, seats.guest);
      const [written, merged] = await Promise.all([
        write(api.client, seats.guest, 'plan', { toDo: '손님' }),
        merge(claim),
      ]);
      expect(merged.status).toBe(200);
      // The seat is gone by then.
      isDoneOrRefused(written, 200, [1201]);
      const { contents } = await belongingsOf(api, owner.memberId);
      const toDo = written.status === 200 ? '회원\n\n손님' : '회원';
      expect(contents[0]?.plan).toBe(JSON.stringify({ toDo }));
    });
  });

  it('happens once at most: the next step, and a study of its own', async () => {
    await rounds('step', async (subject) => {
      const owner = await anOwner(api, subject);
      const guest = await aSoloStudy(api.client);
      const claim = await aClaim(api, subject, guest);
      const body = { totalCycle: 1, timePerCycle: 20 };
      const [moved, opened, merged] = await Promise.all([
        next(api.client, guest),
        api.client.post('/api/v2/solo-studies', { token: guest.token, body }),
        merge(claim),
      ]);
      expect(merged.status).toBe(200);
      isDoneOrRefused(moved, 204);
      isDoneOrRefused(opened, 201);
      const [study] = await api.sql<{ step: string }>('SELECT step FROM study WHERE id = ?', [guest.studyId]);
      expect(study?.step).toBe(moved.status === 204 ? 'STUDYING' : 'PLANNING');
      const { seats } = await belongingsOf(api, owner.memberId);
      expect(seats).toHaveLength(opened.status === 201 ? 2 : 1);
      await nothingIsLeftOf(guest);
    });
  });
});

describe('one identity that several ask for at once', () => {
  it("is one guest's; the others are told that it is taken", async () => {
    await rounds('ask', async (subject) => {
      const guests = await Promise.all(Array.from({ length: 5 }, () => aGuest(api.client)));
      const answers = await Promise.all(guests.map((guest) => link(api, guest, subject)));
      const refused = answers.filter(({ status }) => status !== 200);
      expect(refused.map(refusal)).toEqual(Array.from({ length: 4 }, () => [409, 1410]));
    });
  });

  it("is the guest's, or a new member's who logs in by it: one of them, and no third", async () => {
    await rounds('login', async (subject) => {
      const guest = await aGuest(api.client);
      const [linked, loggedIn] = await Promise.all([link(api, guest, subject), logInBy(api, subject)]);
      const { memberId } = await personOf(api, loggedIn);
      if (linked.status === 200) expect(memberId).toBe(guest.memberId);
      else expect(refusal(linked)).toEqual([409, 1410]);
    });
  });
});
