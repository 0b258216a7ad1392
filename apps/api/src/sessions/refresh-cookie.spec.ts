import { hasRefreshCookie } from './refresh-cookie';

describe('the refresh cookie', () => {
  it.each(['refreshToken=a', 'x=1; refreshToken=a', 'x=1;refreshToken=a; y=2'])(
    'is there in %j',
    (header) => {
      expect(hasRefreshCookie(header)).toBe(true);
    },
  );

  it.each([undefined, '', 'refreshToken=', 'refreshToken=; x=1', 'notrefreshToken=a', 'x=refreshToken=a'])(
    'is not there in %j',
    (header) => {
      expect(hasRefreshCookie(header)).toBe(false);
    },
  );
});
