import { ERROR_CATALOGUE } from '../../apps/api/src/error-codes/catalogue';
import { startApi, type TestApi } from '../support/api';
import { ask } from '../support/wire';

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

const PATH = '/api/v2/error-code';
const askFor = (accept?: string) =>
  ask(api.baseUrl, PATH, { headers: accept === undefined ? {} : { accept } });

describe('the list of error codes', () => {
  it.each([
    undefined,
    '*/*',
    'text/html',
    'text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8',
    'text/html, application/json',
    'text/plain',
  ])('is a page for people who accept %s', async (accept) => {
    const { status, headers, text } = await askFor(accept);
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    expect(text).toMatch(/^<!doctype html>/);
  });

  it.each([
    'application/json',
    'application/json, */*;q=0.1',
    'APPLICATION/JSON',
    'application/problem+json',
  ])('is JSON for programs that accept %s', async (accept) => {
    const { status, headers, text } = await askFor(accept);
    expect([status, headers['content-type']]).toEqual([200, 'application/json; charset=utf-8']);
    expect(JSON.parse(text)).toHaveProperty('errorCodes');
  });

  it('is as documented', async () => {
    const headers = { accept: 'application/json' };
    const { body } = await api.client.get<{ errorCodes: unknown[] }>(PATH, { headers });
    expect(body.errorCodes).toHaveLength(ERROR_CATALOGUE.length);
    expect(body.errorCodes).toContainEqual({
      code: 1302,
      status: 404,
      title: 'Study not found',
      message: '해당하는 스터디가 없습니다.',
      detail: 'No study has this id.',
    });
  });

  it('has a line for each code on the page, at the address that each failure names', async () => {
    const { text } = await askFor();
    for (const { code, message } of ERROR_CATALOGUE) {
      expect(text).toContain(`<tr id="${code}"><td>${code}</td>`);
      expect(text).toContain(`<td>${message}</td>`);
    }
    const { body } = await api.client.get<{ type: string }>('/nowhere');
    expect(body.type).toBe(`${PATH}#1602`);
  });

  it('shows the words of developers as words, not as markup', async () => {
    const { text } = await askFor();
    expect(text).toContain('&quot;Authorization: Bearer &lt;access token&gt;&quot;');
    expect(text).not.toContain('<access token>');
  });

  it('is public, whatever stale token comes with the question', async () => {
    const headers = { authorization: 'Bearer stale', accept: 'application/json' };
    expect((await ask(api.baseUrl, PATH, { headers })).status).toBe(200);
  });
});
