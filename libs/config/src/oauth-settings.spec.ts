import { InvalidSettings, loadConfig } from './config';

const NEEDED = { DATABASE_URL: 'mysql://root@localhost/haru', JWT_SECRET: 'x'.repeat(32) };
const KAKAO = {
  OAUTH_KAKAO_CLIENT_ID: 'haru-at-kakao',
  OAUTH_KAKAO_CLIENT_SECRET: 'hunter5',
  OAUTH_KAKAO_REDIRECT_URI: 'https://haru.example/auth?provider=kakao',
};

function problemsOf(env: Record<string, string | undefined>): readonly string[] {
  try {
    loadConfig({ ...NEEDED, ...env });
    return [];
  } catch (error) {
    if (!(error instanceof InvalidSettings)) throw error;
    return error.problems;
  }
}

describe('a login provider', () => {
  it('is configured wholly or not at all', () => {
    expect(problemsOf(KAKAO)).toEqual([]);
    for (const name of ['CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI'].map((one) => `OAUTH_KAKAO_${one}`)) {
      const missing = `${name}: is missing: a provider is configured wholly or not at all`;
      expect(problemsOf({ ...KAKAO, [name]: undefined })).toEqual([missing]);
      expect(problemsOf({ ...KAKAO, [name]: '' })).toEqual([missing]);
    }
  });

  it('is not configured by an endpoint alone', () => {
    expect(problemsOf({ OAUTH_NAVER_TOKEN_URI: 'https://naver.example/token' })).toEqual(
      ['CLIENT_ID', 'CLIENT_SECRET', 'REDIRECT_URI'].map(
        (one) => `OAUTH_NAVER_${one}: is missing: a provider is configured wholly or not at all`,
      ),
    );
  });

  it('may have its presets written out without being configured', () => {
    const preset = 'https://nid.naver.com/oauth2.0/token';
    expect(problemsOf({ OAUTH_NAVER_TOKEN_URI: preset })).toEqual([]);
    expect(loadConfig({ ...NEEDED, OAUTH_NAVER_TOKEN_URI: preset }).oauth.providers).toEqual({});
  });

  it('has its public endpoints as they are known today', () => {
    const env = Object.fromEntries(
      ['GOOGLE', 'NAVER'].flatMap((name) =>
        Object.entries(KAKAO).map(([key, value]) => [key.replace('KAKAO', name), value]),
      ),
    );
    const { google, naver } = loadConfig({ ...NEEDED, ...env }).oauth.providers;
    const hosts = [google, naver].map((one) =>
      [one?.authorizeUri, one?.tokenUri, one?.userInfoUri].map((uri) => new URL(uri ?? '').host),
    );
    expect(hosts).toEqual([
      ['accounts.google.com', 'oauth2.googleapis.com', 'openidconnect.googleapis.com'],
      ['nid.naver.com', 'nid.naver.com', 'openapi.naver.com'],
    ]);
  });
});
