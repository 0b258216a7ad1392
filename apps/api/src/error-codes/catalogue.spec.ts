import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { DomainError } from '@app/kernel';
import { STATUS_OF, titleOf } from '../http/problem';
import { ERROR_CATALOGUE } from './catalogue';

type Contract = readonly (readonly [code: number, status: number, message: string])[];

/** What the web client of today is told, as far as this server can say it. The texts are shown to people. */
const CONTRACT: Contract = [
  [1002, 404, '해당하는 멤버가 없습니다.'],
  [1003, 400, '빈 탈퇴 사유는 작성이 불가능합니다.'],
  [1100, 404, '해당하는 컨텐츠가 없습니다.'],
  [1201, 404, '해당 스터디에 참여한 상태가 아닙니다.'],
  [1202, 400, '스터디 진행 상태가 적절하지 않습니다.'],
  [1203, 400, '해당 스터디에 참여한 기록이 없습니다.'],
  [1204, 400, '닉네임 길이가 유효하지 않습니다.'],
  [1205, 403, '방장이 아닙니다.'],
  [1300, 404, '참여 코드가 만료되었거나 존재하지 않습니다.'],
  [1301, 400, '만료된 참여코드입니다.'],
  [1302, 404, '해당하는 스터디가 없습니다.'],
  [1304, 400, '스터디 이름의 길이가 적절하지 않습니다.'],
  [1305, 400, '시간 당 사이클 횟수가 적절하지 않습니다.'],
  [1306, 400, '총 사이클 횟수가 적절하지 않습니다.'],
  [1307, 400, '이미 시작된 스터디입니다.'],
  [1308, 400, '해당 단계에서는 제출 여부를 조회할 수 없습니다.'],
  [1400, 400, '유효하지 않은 프로바이더 이름입니다.'],
  [1403, 401, '유효하지 않은 액세스 토큰입니다'],
  [1404, 400, '유효하지 않은 인증 헤더 형식입니다.'],
  [1406, 500, '인증 서버에 문제가 생겼습니다.'],
  [1500, 403, '권한이 없습니다.'],
];

const SOURCES = join(__dirname, '..');

async function exportedErrors(): Promise<DomainError[]> {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' });
  const modules = await Promise.all(
    files
      .filter((file) => file.endsWith('.errors.ts'))
      .map(async (file) => (await import(join(SOURCES, file))) as Record<string, unknown>),
  );
  return modules
    .flatMap((one) => Object.values(one))
    .filter((one): one is new () => DomainError => typeof one === 'function')
    .map((ErrorClass) => new ErrorClass());
}

describe('the catalogue of error codes', () => {
  it('is what was agreed: a code, its status and its name change only on purpose', () => {
    const lines = ERROR_CATALOGUE.map((error) => `${error.code} ${STATUS_OF[error.kind]} ${error.name}`);
    expect(`\n${lines.join('\n')}\n`).toMatchInlineSnapshot(`
     "
     1002 404 MemberNotFound
     1003 400 UnregisterReasonEmpty
     1004 400 UnregisterReasonInvalid
     1005 400 MemberNameInvalid
     1006 400 TimeZoneInvalid
     1100 404 ContentNotFound
     1101 400 ContentTooLong
     1201 404 NotAParticipant
     1202 400 WrongStep
     1203 400 ParticipantOfAnotherStudy
     1204 400 NicknameInvalid
     1205 403 NotHost
     1300 404 ParticipantCodeUnknown
     1301 400 ParticipantCodeExpired
     1302 404 StudyNotFound
     1304 400 StudyNameInvalid
     1305 400 TimePerCycleInvalid
     1306 400 TotalCycleInvalid
     1307 400 StudyAlreadyStarted
     1308 400 NothingToSubmit
     1309 409 StepHasChanged
     1310 403 InvitationNeeded
     1311 409 FirstSeatReserved
     1400 400 UnknownProvider
     1402 400 SessionOver
     1403 401 InvalidAccessToken
     1404 400 InvalidAuthorizationHeader
     1405 400 NoSession
     1406 500 ProviderFailed
     1407 404 SessionNotFound
     1408 400 LoginStateInvalid
     1409 400 ReturnNotListed
     1410 409 IdentityTaken
     1411 400 ConfirmationOver
     1412 409 ProviderLinkedAlready
     1413 403 LoginDeclined
     1429 429 TooManyRequests
     1500 403 NotAllowed
     1501 401 WrongAdminCredentials
     1600 400 InvalidRequest
     1601 400 MalformedJson
     1602 404 RouteNotFound
     1603 405 MethodNotAllowed
     1604 413 BodyTooLarge
     1605 415 UnsupportedMediaType
     1606 431 HeadersTooLarge
     1607 400 MalformedRequest
     1608 408 RequestTimedOut
     1610 400 IdempotencyKeyInvalid
     1611 422 IdempotencyKeyReused
     1690 500 UnexpectedError
     1691 503 ServiceUnavailable
     1700 404 CalendarFeedNotFound
     "
    `);
  });

  it.each(CONTRACT)('has %i of the contract with its status %i and its text', (code, status, message) => {
    const error = ERROR_CATALOGUE.find((one) => one.code === code);
    expect(error?.message).toBe(message);
    expect(STATUS_OF[error?.kind ?? 'unexpected']).toBe(status);
  });

  it('has every failure that a feature exports', async () => {
    const exported = await exportedErrors();
    expect(exported.length).toBeGreaterThan(20);
    const known = new Set(ERROR_CATALOGUE.map(({ name }) => name));
    expect(exported.map(({ name }) => name).filter((name) => !known.has(name))).toEqual([]);
  });

  it('uses each code and each name once', () => {
    expect(new Set(ERROR_CATALOGUE.map(({ code }) => code)).size).toBe(ERROR_CATALOGUE.length);
    expect(new Set(ERROR_CATALOGUE.map(titleOf)).size).toBe(ERROR_CATALOGUE.length);
  });

  it('stands in the order of the codes', () => {
    const codes = ERROR_CATALOGUE.map(({ code }) => code);
    expect(codes).toEqual([...codes].sort((a, b) => a - b));
  });

  it('says everything in Korean to people and in English to developers', () => {
    for (const { message, detail } of ERROR_CATALOGUE) {
      expect(message).toMatch(/[가-힣]/);
      expect(detail).toMatch(/^[\x20-\x7e]{10,}$/);
    }
  });
});
