import { startApi, type TestApi } from '../support/api';
import type { Answer, Problem } from '../support/api-client';
import { startFixture, type ProviderFixture } from '../support/oauth-fixture';
import {
  advance,
  aGuest,
  aLobby,
  aNewcomer,
  anInvited,
  anOpenStudy,
  aSoloStudy,
  enterCode,
  next,
  tryToJoin,
  tryToLeave,
  UNKNOWN_ID,
  write,
  type Person,
} from '../support/people';

let kakao: ProviderFixture;
let api: TestApi;
beforeAll(async () => {
  kakao = await startFixture('kakao', 'http://localhost:3001');
  api = await startApi({ ...kakao.settings });
});
afterAll(async () => {
  await api.stop();
  await kakao.stop();
});

type Asked = Promise<Answer<unknown>>;
const get = (path: string, { token }: Person): Asked => api.client.get(`/api/v2/${path}`, { token });
const open = async (part: object): Asked => {
  const { token } = await aGuest(api.client);
  const body = { name: '알고리즘', totalCycle: '2', timePerCycle: '25', ...part };
  return api.client.post('/api/v2/studies', { token, body });
};
const me = (authorization: string): Asked => api.client.get('/api/v2/me', { headers: { authorization } });

async function asOneWhoIsGone(): Asked {
  const person = await aGuest(api.client);
  await api.sql('DELETE FROM member WHERE id = ?', [person.memberId]);
  return get('me', person);
}

async function planWithoutContent(): Asked {
  const seat = await aSoloStudy(api.client);
  await api.sql('DELETE FROM content WHERE participant_id = ?', [seat.participantId]);
  return write(api.client, seat, 'plan');
}

async function leaveFromElsewhere(): Asked {
  const [seat, elsewhere] = [await aSoloStudy(api.client), await aSoloStudy(api.client)];
  return tryToLeave(api.client, { ...seat, studyId: elsewhere.studyId });
}

async function joinAfterTheStart(): Asked {
  const host = await aLobby(api.client);
  const invited = await anInvited(api.client, host);
  await advance(api.client, host, 1);
  return tryToJoin(api.client, invited, host.studyId);
}

/** A person, the id of a study that nobody is in yet, and its code. */
async function atAVacantLobby(): Promise<{ person: Person; studyId: number; code: string }> {
  const studyId = await anOpenStudy(api.client, await aGuest(api.client));
  const [row] = await api.sql<{ code: string }>('SELECT code FROM participant_code WHERE study_id = ?', [
    studyId,
  ]);
  return { person: await aGuest(api.client), studyId, code: row?.code ?? '' };
}

async function enterExpiredCode(): Asked {
  const { person, studyId, code } = await atAVacantLobby();
  await api.sql('UPDATE study SET vacant_since = vacant_since - INTERVAL 1 DAY WHERE id = ?', [studyId]);
  return enterCode(api.client, person, code);
}

async function takeTheCreatorsSeat(): Asked {
  const { person, studyId, code } = await atAVacantLobby();
  await enterCode(api.client, person, code);
  return tryToJoin(api.client, person, studyId);
}

const login = (body: object): Asked => api.client.post('/api/v2/auth/login', { body });
const refresh = (cookie?: string): Asked =>
  api.client.post('/api/v2/auth/refresh', { headers: cookie === undefined ? {} : { cookie } });
const unregister = async (reason: string): Asked =>
  api.client.post('/api/v2/unregister', { token: (await aGuest(api.client)).token, body: { reason } });

/** Section 2 of the contract, and the codes that the service adds to it: how each is come by. */
const CODES: [number, number, string, () => Asked][] = [
  [1002, 404, '해당하는 멤버가 없습니다.', asOneWhoIsGone],
  [1003, 400, '빈 탈퇴 사유는 작성이 불가능합니다.', () => unregister('')],
  [1100, 404, '해당하는 컨텐츠가 없습니다.', planWithoutContent],
  [
    1201,
    404,
    '해당 스터디에 참여한 상태가 아닙니다.',
    async () => next(api.client, { ...(await aLobby(api.client)), ...(await aGuest(api.client)) }),
  ],
  [
    1202,
    400,
    '스터디 진행 상태가 적절하지 않습니다.',
    async () => write(api.client, await aLobby(api.client), 'plan'),
  ],
  [1203, 400, '해당 스터디에 참여한 기록이 없습니다.', leaveFromElsewhere],
  [
    1204,
    400,
    '닉네임 길이가 유효하지 않습니다.',
    async () => {
      const host = await aLobby(api.client);
      return tryToJoin(api.client, await anInvited(api.client, host), host.studyId, '');
    },
  ],
  [
    1205,
    403,
    '방장이 아닙니다.',
    async () => next(api.client, await aNewcomer(api.client, await aLobby(api.client))),
  ],
  [
    1300,
    404,
    '참여 코드가 만료되었거나 존재하지 않습니다.',
    async () => enterCode(api.client, await aGuest(api.client), '???'),
  ],
  [1301, 400, '만료된 참여코드입니다.', enterExpiredCode],
  [
    1302,
    404,
    '해당하는 스터디가 없습니다.',
    async () => get(`studies/${UNKNOWN_ID}`, await aGuest(api.client)),
  ],
  [1304, 400, '스터디 이름의 길이가 적절하지 않습니다.', () => open({ name: '' })],
  [1305, 400, '시간 당 사이클 횟수가 적절하지 않습니다.', () => open({ timePerCycle: '19' })],
  [1306, 400, '총 사이클 횟수가 적절하지 않습니다.', () => open({ totalCycle: '9' })],
  [1307, 400, '이미 시작된 스터디입니다.', joinAfterTheStart],
  [
    1308,
    400,
    '해당 단계에서는 제출 여부를 조회할 수 없습니다.',
    async () => {
      const host = await aLobby(api.client);
      return get(`submitted?studyId=${host.studyId}`, host);
    },
  ],
  [
    1309,
    409,
    '스터디가 이미 다른 단계로 넘어갔습니다.',
    async () => next(api.client, await aLobby(api.client), { expectedStep: 'done' }),
  ],
  [
    1310,
    403,
    '참여 코드를 먼저 입력해 주세요.',
    async () => {
      const { studyId } = await aLobby(api.client);
      return tryToJoin(api.client, await aGuest(api.client), studyId);
    },
  ],
  [1311, 409, '방장이 아직 입장하지 않았습니다. 잠시 후 다시 시도해 주세요.', takeTheCreatorsSeat],
  [
    1400,
    400,
    '유효하지 않은 프로바이더 이름입니다.',
    () => login({ oauthProvider: 'GOOGLE', code: '4/0AbCd' }),
  ],
  [1402, 400, '만료된 갱신 토큰입니다.', () => refresh('refreshToken=6f1c')],
  [1403, 401, '유효하지 않은 액세스 토큰입니다', () => me('Bearer stale')],
  [1404, 400, '유효하지 않은 인증 헤더 형식입니다.', () => me('stale')],
  [1405, 400, '갱신 토큰이 존재하지 않습니다.', () => refresh()],
  [1406, 500, '인증 서버에 문제가 생겼습니다.', () => login({ oauthProvider: 'kakao', code: 'spent' })],
  [
    1500,
    403,
    '권한이 없습니다.',
    async () => {
      const { studyId } = await aLobby(api.client);
      return get(`studies/${studyId}`, await aGuest(api.client));
    },
  ],
];

describe('the code', () => {
  it.each(CODES)('%i comes with %i and "%s"', async (code, status, message, ask) => {
    const answer = (await ask()) as Answer<Problem>;
    expect(answer.body).toMatchObject({ code, status, message });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  });
});

describe('the contract', () => {
  // 1401 ends in a blank page of the web client: whatever is wrong with a session is told as 1402.
  const OF_THE_CONTRACT = [
    ...[1002, 1003, 1100, 1201, 1202, 1203, 1204, 1205, 1300, 1301, 1302, 1304, 1305, 1306, 1307, 1308],
    ...[1400, 1402, 1403, 1404, 1405, 1406, 1500],
  ];

  it('has no code that is not tried here', () => {
    expect(OF_THE_CONTRACT.filter((code) => !CODES.some(([tried]) => tried === code))).toEqual([]);
  });
});

describe('the catalogue', () => {
  it('has each of these codes, in the same words', async () => {
    const answer = await api.client.get<{ errorCodes: { code: number; status: number; message: string }[] }>(
      '/api/v2/error-code',
      { headers: { accept: 'application/json' } },
    );
    for (const [code, status, message] of CODES)
      expect(answer.body.errorCodes.find((one) => one.code === code)).toMatchObject({ status, message });
  });
});
