import type { OpenAPIObject } from '@nestjs/swagger';
import { startApi, type TestApi } from '../support/api';
import { ApiClient } from '../support/api-client';
import { DocumentedApi } from '../support/documented-api';
import { shortcomings } from '../support/openapi-shortcomings';

const STUDY = {
  studyId: 7,
  name: '알고리즘',
  totalCycle: 2,
  timePerCycle: 25,
  currentCycle: 1,
  studyStep: 'inProgress',
  progressStep: 'planning',
  createdDate: '2026-03-03T06:46:48.123Z',
  lastModifiedDate: '2026-03-03T06:47:02.500Z',
};
const NOT_FOUND = {
  type: '/api/v2/error-code#1302',
  title: 'Study not found',
  status: 404,
  detail: 'No study has this id.',
  code: 1302,
  message: '해당하는 스터디가 없습니다.',
};
const JSON_TYPE = 'application/json; charset=utf-8';
const PROBLEM_TYPE = 'application/problem+json; charset=utf-8';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

/** What the tests of every feature find wrong with this answer to `GET /api/v2/studies/7`. */
const wrongWith = (
  body: unknown,
  { status = 200, contentType = JSON_TYPE, method = 'GET', path = '/api/v2/studies/7' } = {},
) => api.document.contradiction(method, path, { status, contentType, body });

describe('the comparison of every answer with the OpenAPI document', () => {
  it('finds nothing wrong with an answer that is as documented', () => {
    expect(wrongWith(STUDY)).toBeUndefined();
    expect(wrongWith(NOT_FOUND, { status: 404, contentType: PROBLEM_TYPE })).toBeUndefined();
    expect(
      wrongWith('', { status: 204, method: 'POST', path: '/api/v2/studies/7/next-step' }),
    ).toBeUndefined();
  });

  it('finds a status that is not documented', () => {
    expect(wrongWith(STUDY, { status: 202 })).toBe('GET /api/v2/studies/{studyId} 202 is not documented');
  });

  it.each(Object.keys(STUDY))('finds that %s is missing', (name) => {
    const rest = Object.fromEntries(Object.entries(STUDY).filter(([key]) => key !== name));
    expect(wrongWith(rest)).toContain(`must have required property '${name}'`);
  });

  it('finds a field that is not documented', () => {
    expect(wrongWith({ ...STUDY, creatorId: 12 })).toContain('must NOT have additional properties');
  });

  it.each([
    [{ totalCycle: '2' }, 'must be integer'],
    [{ totalCycle: 2.5 }, 'must be integer'],
    [{ totalCycle: 9 }, 'must be <= 8'],
    [{ name: null }, 'must be string'],
    [{ studyStep: 'WAITING' }, 'must be equal to one of the allowed values'],
    [{ progressStep: 'done' }, 'must be equal to one of the allowed values'],
    [{ lastModifiedDate: '2026-03-03T06:47:02.5' }, 'must match format "date-time"'],
    [{ lastModifiedDate: 1_772_520_422_500 }, 'must be string'],
  ])('finds a value that is not as documented: %j', (change, finding) => {
    expect(wrongWith({ ...STUDY, ...change })).toContain(finding);
  });

  it('finds what is wrong deep inside', () => {
    const list = { studies: [STUDY, { ...STUDY, totalCycle: '2' }] };
    expect(wrongWith(list, { path: '/api/v2/studies' })).toContain('/studies/1/totalCycle must be integer');
  });

  it('finds a body where none is documented, and one of another type', () => {
    const nextStep = { status: 204, method: 'POST', path: '/api/v2/studies/7/next-step' };
    expect(wrongWith({ step: 'done' }, nextStep)).toContain('is documented without a body');
    expect(wrongWith('<html>', { contentType: 'text/html' })).toContain('is not documented as text/html');
    expect(wrongWith(NOT_FOUND, { status: 404, contentType: JSON_TYPE })).toContain(
      'is not documented as application/json',
    );
  });

  it('finds a code that is not documented for this operation', () => {
    const foreign = { ...NOT_FOUND, code: 1100 };
    expect(wrongWith(foreign, { status: 404, contentType: PROBLEM_TYPE })).toBe(
      'GET /api/v2/studies/{studyId} 404 is not documented with code 1100',
    );
  });

  it('stops the test that got such an answer', async () => {
    const changed = JSON.parse(JSON.stringify(api.document.document)) as OpenAPIObject;
    delete changed.paths['/api/v2/time']?.get?.responses['200'];
    const strict = new ApiClient(api.baseUrl, new DocumentedApi(changed));
    await expect(strict.get('/api/v2/time')).rejects.toThrow('GET /api/v2/time 200 is not documented');
  });
});

type Loose = Record<string, Record<string, Record<string, Record<string, never>>>>;

describe('the check that everything is documented', () => {
  const NAME = 'POST /api/v2/solo-studies';
  /** What is found when this has been taken out of the document. */
  const without = (forget: (operation: Loose, schemas: Loose) => void): string[] => {
    const document = JSON.parse(JSON.stringify(api.document.document)) as OpenAPIObject;
    const operation = document.paths['/api/v2/solo-studies']?.post;
    if (operation === undefined) throw new Error('the operation has moved');
    forget(operation as unknown as Loose, document.components?.schemas as unknown as Loose);
    return shortcomings(document, { name: NAME, path: '/api/v2/solo-studies', operation });
  };
  const FIELD = `${NAME}: request OpenSoloStudyDto.totalCycle`;

  it('is content with what there is', () => {
    expect(without(() => undefined)).toEqual([]);
  });

  it.each<[string, (operation: Loose, schemas: Loose) => void, string]>([
    ['a summary', (one) => delete one['summary'], `${NAME}: has no summary`],
    [
      'a schema of the body',
      (one) => (one['requestBody'] = { content: {} }),
      `${NAME}: has a body without a schema`,
    ],
    ['a failure of the token', (one) => delete one['responses']?.['401'], `${NAME}: does not name 1403`],
    ['a failure of the body', (one) => delete one['responses']?.['413'], `${NAME}: does not name 1604`],
    [
      'a header',
      (one) => delete one['responses']?.['201']?.['headers']?.['X-Release'],
      `${NAME}: answer 201 lacks X-Release`,
    ],
    [
      'an example of a failure',
      (one) =>
        delete (one['responses']?.['422']?.['content']?.['application/problem+json'] as Loose)['examples'],
      `${NAME}: answer 422 has no example`,
    ],
    [
      'a schema of the answer',
      (one) => delete (one['responses']?.['201']?.['content']?.['application/json'] as Loose)['schema'],
      `${NAME}: answer 201 as application/json has no schema`,
    ],
    ['a limit', (_, all) => delete totalCycle(all)['maximum'], `${FIELD} has no limit`],
    [
      'the meaning of a field',
      (_, all) => delete totalCycle(all)['description'],
      `${FIELD} has no description`,
    ],
    ['an example of a field', (_, all) => delete totalCycle(all)['example'], `${FIELD} has no example`],
  ])('finds that %s is missing', (_what, forget, finding) => {
    expect(without(forget)).toContain(finding);
  });

  it('finds a parameter that is not described', () => {
    const path = '/api/v2/studies/{studyId}';
    const operation = { ...api.document.document.paths[path]?.get, parameters: [] } as never;
    expect(shortcomings(api.document.document, { name: 'GET', path, operation })).toEqual([
      'GET: does not say what studyId is',
    ]);
  });

  function totalCycle(schemas: Loose): Loose {
    return schemas['OpenSoloStudyDto']?.['properties']?.['totalCycle'] as unknown as Loose;
  }
});
