import { loadConfig, MAX_SOCKET_PATH_BYTES } from '../../libs/config/src';
import * as deployer from '../../apps/deploy/src/core/names';

const NEEDED = { DATABASE_URL: 'mysql://root@localhost/haru', JWT_SECRET: 'x'.repeat(32) };

function boots(RELEASE: string): boolean {
  try {
    return loadConfig({ ...NEEDED, RELEASE }).release === RELEASE;
  } catch {
    return false;
  }
}

describe('the deployer and the service', () => {
  it('agree on how long the path of a socket may be', () => {
    expect(deployer.MAX_SOCKET_PATH_BYTES).toBe(MAX_SOCKET_PATH_BYTES);
  });

  it.each([
    'r1',
    'R.1_2-3',
    '0',
    'a'.repeat(64),
    'a'.repeat(65),
    '.a',
    '-a',
    '_a',
    'a b',
    'a/b',
    '가',
    'a\n',
  ])('agree on whether %j may be the id of a release', (id) => {
    expect(deployer.RELEASE_ID.test(id)).toBe(boots(id));
  });
});
