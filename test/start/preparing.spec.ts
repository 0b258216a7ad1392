import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { removeOrphans } from '../../scripts/lib/build.mjs';
import { findCommand, howToInstall } from '../../scripts/lib/commands.mjs';
import { matchesLock } from '../../scripts/lib/dependencies.mjs';
import { newDataFolder } from './npm-start';

describe('installed packages', () => {
  const wanted = {
    packages: {
      '': { version: '1.0.0' },
      'node_modules/a': { version: '1.2.3' },
      'node_modules/for-a-mac': { version: '1.0.0', optional: true },
    },
  };

  it('match when all are there, but those for other platforms', () => {
    expect(matchesLock(wanted, { packages: { 'node_modules/a': { version: '1.2.3' } } })).toBe(true);
  });

  it.each([
    ['one is missing', { packages: {} }],
    ['one has another version', { packages: { 'node_modules/a': { version: '1.2.4' } } }],
    [
      'an optional one has another version',
      {
        packages: { 'node_modules/a': { version: '1.2.3' }, 'node_modules/for-a-mac': { version: '2.0.0' } },
      },
    ],
    ['nothing is installed', undefined],
  ])('do not match when %s', (_, installed) => {
    expect(matchesLock(wanted, installed)).toBe(false);
  });
});

describe('compiled files', () => {
  it('go when their source has gone, and only then', () => {
    const root = newDataFolder();
    const write = (path: string) => {
      mkdirSync(dirname(join(root, path)), { recursive: true });
      writeFileSync(join(root, path), '');
    };
    const kept = ['dist/apps/api/src/a.js', 'dist/apps/api/src/a.js.map', 'dist/libs/x/src/b.d.ts'];
    const orphans = ['dist/apps/api/src/gone.js', 'dist/apps/api/src/gone.js.map', 'dist/libs/y/src/c.js'];
    ['apps/api/src/a.ts', 'libs/x/src/b.ts', ...kept, ...orphans].forEach(write);

    removeOrphans(root);

    expect(kept.filter((path) => !existsSync(join(root, path)))).toEqual([]);
    expect(orphans.filter((path) => existsSync(join(root, path)))).toEqual([]);
  });
});

describe('a command', () => {
  it('is found in sbin although the PATH lacks it', () => {
    const givenPath = process.env['PATH'];
    process.env['PATH'] = '/bin';
    try {
      expect(findCommand(['no-such-server', 'nginx'])).toMatch(/\/s?bin\/nginx$/);
      expect(findCommand('no-such-server')).toBeUndefined();
    } finally {
      process.env['PATH'] = givenPath;
    }
  });

  it('that is missing comes with what to type on each system', () => {
    const message = howToInstall(['mariadbd'], {
      apt: 'mariadb-server-core',
      brew: 'mariadb',
      otherwise: 'Or docker run mariadb:11',
    });
    expect(message).toContain('mariadbd is missing');
    expect(message).toContain('apt-get install --no-install-recommends mariadb-server-core');
    expect(message).toContain('brew install mariadb');
    expect(message).toContain('docker run');
  });
});
