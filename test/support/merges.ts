import type { TestApi } from './api';
import { aClaim, anOwner } from './identities';
import {
  advance,
  aGuest,
  anOpenStudy,
  codeOf,
  enterCode,
  expectStatus,
  join,
  next,
  write,
  type Person,
  type Seat,
} from './people';

type Api = Pick<TestApi, 'client' | 'sql'>;

/** A guest who has claimed a member's identity, both of whom have studied. */
export interface Merge {
  readonly owner: Person;
  readonly guest: Person;
  readonly confirmation: string;
  /** A study that both are in: the guest is its host. */
  readonly shared: Readonly<{ guest: Seat; owner: Seat }>;
  /** A study of the guest's own. */
  readonly alone: Seat;
}

/**
 * Makes a merge ready: in the shared study both have planned the first cycle, the owner alone has looked back on it,
 * and the guest alone has planned the second.
 */
export async function aMerge(api: Api, subject: string): Promise<Merge> {
  const { client } = api;
  const owner = await anOwner(api, subject);
  const guest = await aGuest(client);
  const seats = await aSharedLobby(client, guest, owner);
  expectStatus(204, await next(client, seats.guest));
  expectStatus(200, await write(client, seats.guest, 'plan', { toDo: '손님의 계획', lesson: '손님만' }));
  expectStatus(200, await write(client, seats.owner, 'plan', { toDo: '회원의 계획' }));
  await advance(client, seats.guest, 2);
  expectStatus(200, await write(client, seats.owner, 'retrospect', { lesson: '회원의 회고' }));
  await advance(client, seats.guest, 1);
  expectStatus(200, await write(client, seats.guest, 'plan', { toDo: '손님의 둘째 계획' }));
  const alone = await join(client, guest, await anOpenStudy(client, guest), '혼자');
  const { confirmation } = await aClaim(api, subject, guest);
  return { owner, guest, confirmation, shared: seats, alone };
}

/** A lobby of a guest, who is host, and a member. */
export async function aSharedLobby(
  client: Api['client'],
  guest: Person,
  owner: Person,
): Promise<{ guest: Seat; owner: Seat }> {
  const guestSeat = await join(client, guest, await anOpenStudy(client, guest, { totalCycle: 2 }), '손님');
  expectStatus(200, await enterCode(client, owner, await codeOf(client, guestSeat)));
  return { guest: guestSeat, owner: await join(client, owner, guestSeat.studyId, '회원') };
}

/** Everything that hangs on a member, told without ids that a repeat may change. */
export async function belongingsOf({ sql }: Pick<TestApi, 'sql'>, memberId: number) {
  const of = (query: string) => sql(query, [memberId]);
  return {
    member: await of('SELECT login_type, nickname, token_version, unregistered_at FROM member WHERE id = ?'),
    seats: await of(
      'SELECT id, study_id, nickname, is_host FROM participant WHERE member_id = ? ORDER BY id',
    ),
    contents: await of(
      'SELECT p.study_id, c.cycle, c.plan, c.retrospect FROM content c JOIN participant p ON p.id = c.participant_id ' +
        'WHERE p.member_id = ? ORDER BY p.study_id, c.cycle',
    ),
    studies: await of('SELECT id FROM study WHERE creator_id = ? ORDER BY id'),
    invitations: await of(
      'SELECT study_id, expires_at FROM invitation WHERE member_id = ? ORDER BY study_id',
    ),
    keys: await of('SELECT `key`, answer FROM idempotency_key WHERE member_id = ? ORDER BY `key`'),
    feeds: await of('SELECT token_hash FROM calendar_feed WHERE member_id = ?'),
    funnel: await of('SELECT event, entry, day, at FROM funnel_event WHERE member_id = ? ORDER BY event'),
    identities: await of('SELECT provider FROM identity WHERE member_id = ?'),
    logins: await of('SELECT COUNT(*) AS count FROM session WHERE member_id = ?'),
    claims: await of('SELECT choice FROM identity_claim WHERE member_id = ? ORDER BY choice'),
  };
}

export type Belongings = Awaited<ReturnType<typeof belongingsOf>>;
