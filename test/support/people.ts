import type { Answer, ApiClient, Problem } from './api-client';

export const PLAN = {
  toDo: 'B-Tree 삭제 구현',
  completionCondition: '테스트 통과',
  expectedProbability: '',
  expectedDifficulty: '',
  whatCanYouDo: '',
};
export const RETROSPECT = { doneAsExpected: '계획대로 끝냈다', experiencedDifficulty: '', lesson: '' };

export interface Person {
  readonly token: string;
  readonly memberId: number;
}

export interface Seat extends Person {
  readonly studyId: number;
  readonly participantId: number;
}

interface StudyWish {
  readonly name?: string;
  readonly totalCycle?: number;
  readonly timePerCycle?: number;
}

/** A new guest. */
export async function aGuest(client: ApiClient): Promise<Person> {
  const { body } = await client.post<{ accessToken: string }>('/api/v2/auth/guest');
  const me = await client.get<{ memberId: number }>('/api/v2/me', { token: body.accessToken });
  return { token: body.accessToken, memberId: me.body.memberId };
}

/** A study in its lobby that nobody is in. */
export async function anOpenStudy(client: ApiClient, creator: Person, wish: StudyWish = {}): Promise<number> {
  const body = { name: '알고리즘', totalCycle: 2, timePerCycle: 25, ...wish };
  const answer = expectStatus(201, await client.post('/api/v2/studies', { token: creator.token, body }));
  return Number(answer.headers.get('location')?.split('/').at(-1));
}

/** Seats somebody who may join. */
export async function join(
  client: ApiClient,
  person: Person,
  studyId: number,
  nickname = '루나',
): Promise<Seat> {
  const answer = expectStatus(201, await tryToJoin(client, person, studyId, nickname));
  return { ...person, studyId, participantId: Number(answer.headers.get('location')?.split('/').at(-1)) };
}

export function tryToJoin(
  client: ApiClient,
  person: Person,
  studyId: number,
  nickname: unknown = '루나',
): Promise<Answer<Problem>> {
  const body = { memberId: person.memberId, nickname };
  return client.post<Problem>(`/api/v2/studies/${studyId}/participants`, { token: person.token, body });
}

/** A study in its lobby with its creator, who is host. */
export async function aLobby(client: ApiClient, wish: StudyWish = {}): Promise<Seat> {
  const host = await aGuest(client);
  return join(client, host, await anOpenStudy(client, host, wish), '방장');
}

/** Lets a new guest in by the study's code, as the web client does. */
export async function aNewcomer(client: ApiClient, host: Seat, nickname = '루나'): Promise<Seat> {
  const guest = await aGuest(client);
  await enterCode(client, guest, await codeOf(client, host));
  return join(client, guest, host.studyId, nickname);
}

export async function codeOf(client: ApiClient, { token, studyId }: Seat): Promise<string> {
  const path = `/api/v2/participant-codes?studyId=${studyId}`;
  return expectStatus(200, await client.get<{ participantCode: string }>(path, { token })).body
    .participantCode;
}

export function enterCode(
  client: ApiClient,
  { token }: Person,
  code: string,
): Promise<Answer<{ studies: Study[] }>> {
  return client.get(`/api/v2/studies?participantCode=${encodeURIComponent(code)}`, { token });
}

export interface Study {
  readonly studyId: number;
  readonly name: string;
  readonly totalCycle: number;
  readonly timePerCycle: number;
  readonly currentCycle: number;
  readonly studyStep: string;
  readonly progressStep: string;
  readonly createdDate: string;
  readonly lastModifiedDate: string;
}

/** Presses "next" without saying what was seen, as the web client does. */
export function next(client: ApiClient, { token, studyId }: Seat, body?: unknown): Promise<Answer<Problem>> {
  return client.post<Problem>(`/api/v2/studies/${studyId}/next-step`, { token, body });
}

/** Moves a study on, so many steps. */
export async function advance(client: ApiClient, host: Seat, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) expectStatus(204, await next(client, host));
}

export async function progressOf(client: ApiClient, { token, studyId }: Seat): Promise<string> {
  const path = `/api/v2/progress?studyId=${studyId}`;
  return expectStatus(200, await client.get<{ progressStep: string }>(path, { token })).body.progressStep;
}

/** A running study of one. */
export async function aSoloStudy(client: ApiClient, wish: StudyWish = {}): Promise<Seat> {
  const person = await aGuest(client);
  const body = { totalCycle: 2, timePerCycle: 25, ...wish };
  const answer = await client.post<Seat>('/api/v2/solo-studies', { token: person.token, body });
  return { ...person, ...expectStatus(201, answer).body };
}

/** @throws with the body when the status is another one */
export function expectStatus<Body>(status: number, answer: Answer<Body>): Answer<Body> {
  if (answer.status !== status)
    throw new Error(`expected ${status}, got ${answer.status}: ${JSON.stringify(answer.body)}`);
  return answer;
}

/** The status and the code of a refusal. */
export function refusal({ status, body }: Answer<unknown>): [number, number] {
  return [status, (body as Problem).code];
}
