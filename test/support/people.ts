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

/** An id that nothing has. */
export const UNKNOWN_ID = 4_000_000_000;

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
  return join(client, await anInvited(client, host), host.studyId, nickname);
}

/** A new guest who has shown the study's code and may join. */
export async function anInvited(client: ApiClient, host: Seat): Promise<Person> {
  const guest = await aGuest(client);
  expectStatus(200, await enterCode(client, guest, await codeOf(client, host)));
  return guest;
}

/** Takes somebody out of a study. */
export async function leave(client: ApiClient, seat: Seat): Promise<void> {
  expectStatus(204, await tryToLeave(client, seat));
}

export function tryToLeave(
  client: ApiClient,
  { token, studyId, participantId }: Seat,
): Promise<Answer<Problem>> {
  return client.delete<Problem>(`/api/v2/studies/${studyId}/participants/${participantId}`, { token });
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

export async function studyOf(client: ApiClient, { token, studyId }: Seat): Promise<Study> {
  return expectStatus(200, await client.get<Study>(`/api/v2/studies/${studyId}`, { token })).body;
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

export interface Participant {
  readonly participantId: number;
  readonly nickname: string;
  readonly isHost: boolean;
}

/** The lobby as somebody in it sees it. */
export async function lobbyOf(
  client: ApiClient,
  { token, studyId }: Seat,
): Promise<{ studyStep: string; participants: Participant[] }> {
  const path = `/api/v2/waiting?studyId=${studyId}`;
  const answer = await client.get<{ studyStep: string; participants: Participant[] }>(path, { token });
  return expectStatus(200, answer).body;
}

/** Nickname of the host in the list of participants; `undefined` while there is none. */
export async function hostOf(client: ApiClient, { token, studyId }: Seat): Promise<string | undefined> {
  const path = `/api/v2/studies/${studyId}/participants`;
  const { body } = expectStatus(200, await client.get<{ participants: Participant[] }>(path, { token }));
  return body.participants.find(({ isHost }) => isHost)?.nickname;
}

/** Writes the plan or the retrospect of the current cycle. */
export function write(
  client: ApiClient,
  { token, studyId, participantId }: Seat,
  kind: 'plan' | 'retrospect',
  answers: unknown = kind === 'plan' ? PLAN : RETROSPECT,
): Promise<Answer<Problem>> {
  const body = { participantId, [kind]: answers };
  return client.post<Problem>(`/api/v2/studies/${studyId}/contents/write-${kind}`, { token, body });
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
