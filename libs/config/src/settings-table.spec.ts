import { loadConfig } from './config';
import { envSchema } from './env-schema';
import { settingsTable } from './settings-table';

const rows = settingsTable()
  .split('\n')
  .map((line) => line.split(/(?<!\\)\|/).map((cell) => cell.trim()));

describe('the table of the settings', () => {
  it('has a row for each setting, in the order of the schema', () => {
    const names = Object.keys(envSchema.shape).map((name) => `\`${name}\``);
    expect(rows.slice(2).map(([, name]) => name)).toEqual(names);
  });

  it('has four cells in every row, none of them empty', () => {
    for (const row of rows) {
      expect(row).toHaveLength(6);
      expect(row.slice(1, -1).every((cell) => cell !== '')).toBe(true);
    }
  });

  it('gives a time and a number their unit', () => {
    const unitOf = Object.fromEntries(rows.slice(2).map(([, name, , unit]) => [name, unit]));
    expect(unitOf).toMatchObject({
      '`PORT`': 'port',
      '`DATABASE_POOL_SIZE`': 'connections',
      '`GUEST_TOKEN_TTL_S`': 's',
      '`DRAIN_TIMEOUT_MS`': 'ms',
    });
  });

  it('says which ones must be set, which are unset, and else the default as one would write it', () => {
    const presets = Object.fromEntries(rows.slice(2).map(([, name, preset]) => [name, preset]));
    expect(presets).toMatchInlineSnapshot(`
     {
       "\`ACCESS_TOKEN_TTL_S\`": "\`900\`",
       "\`COLOUR\`": "\`none\`",
       "\`CORS_ORIGINS\`": "empty",
       "\`DATABASE_POOL_SIZE\`": "\`10\`",
       "\`DATABASE_URL\`": "required",
       "\`DRAIN_TIMEOUT_MS\`": "\`10000\`",
       "\`GUEST_TOKEN_TTL_S\`": "\`2592000\`",
       "\`HOST\`": "\`127.0.0.1\`",
       "\`HOUSEKEEPING_EVERY_S\`": "\`600\`",
       "\`JWT_SECRET\`": "required",
       "\`LOG_LEVEL\`": "\`info\`",
       "\`NODE_ENV\`": "\`development\`",
       "\`OAUTH_GOOGLE_AUTHORIZE_URI\`": "\`https://accounts.google.com/o/oauth2/v2/auth\`",
       "\`OAUTH_GOOGLE_CLIENT_ID\`": "unset",
       "\`OAUTH_GOOGLE_CLIENT_SECRET\`": "unset",
       "\`OAUTH_GOOGLE_REDIRECT_URI\`": "unset",
       "\`OAUTH_GOOGLE_TOKEN_URI\`": "\`https://oauth2.googleapis.com/token\`",
       "\`OAUTH_GOOGLE_USER_INFO_URI\`": "\`https://openidconnect.googleapis.com/v1/userinfo\`",
       "\`OAUTH_KAKAO_AUTHORIZE_URI\`": "\`https://kauth.kakao.com/oauth/authorize\`",
       "\`OAUTH_KAKAO_CLIENT_ID\`": "unset",
       "\`OAUTH_KAKAO_CLIENT_SECRET\`": "unset",
       "\`OAUTH_KAKAO_REDIRECT_URI\`": "unset",
       "\`OAUTH_KAKAO_TOKEN_URI\`": "\`https://kauth.kakao.com/oauth/token\`",
       "\`OAUTH_KAKAO_USER_INFO_URI\`": "\`https://kapi.kakao.com/v2/user/me\`",
       "\`OAUTH_NAVER_AUTHORIZE_URI\`": "\`https://nid.naver.com/oauth2.0/authorize\`",
       "\`OAUTH_NAVER_CLIENT_ID\`": "unset",
       "\`OAUTH_NAVER_CLIENT_SECRET\`": "unset",
       "\`OAUTH_NAVER_REDIRECT_URI\`": "unset",
       "\`OAUTH_NAVER_TOKEN_URI\`": "\`https://nid.naver.com/oauth2.0/token\`",
       "\`OAUTH_NAVER_USER_INFO_URI\`": "\`https://openapi.naver.com/v1/nid/me\`",
       "\`OAUTH_RETURN_URLS\`": "empty",
       "\`PORT\`": "\`3000\`",
       "\`RATE_LIMITS\`": "\`on\`",
       "\`REDIS_URL\`": "unset",
       "\`REFRESH_ABSOLUTE_TTL_S\`": "\`7776000\`",
       "\`REFRESH_TTL_S\`": "\`1209600\`",
       "\`RELEASE\`": "\`dev\`",
       "\`SOCKET_PATH\`": "unset",
       "\`TRUSTED_PROXIES\`": "\`127.0.0.1,::1\`",
     }
    `);
  });

  it('tells the truth: the defaults of the table make the settings that there are without them', () => {
    const needed = { DATABASE_URL: 'mysql://root@localhost/haru', JWT_SECRET: 'x'.repeat(32) };
    const written = rows
      .slice(2)
      .map(
        ([, name = '', preset = '']) =>
          [name.replaceAll('`', ''), /^`(.*)`$/.exec(preset)?.[1] ?? ''] as const,
      );
    expect(loadConfig({ ...Object.fromEntries(written), ...needed })).toEqual(loadConfig(needed));
  });
});
