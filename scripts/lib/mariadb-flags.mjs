// @ts-check
import { execFileSync } from 'node:child_process';
import { userInfo } from 'node:os';
import { join } from 'node:path';

/** As root the server wants to be told so; for anybody else it is who runs it anyway. */
const user = () => `--user=${userInfo().username}`;

/**
 * What shapes the files: the same when they are made and at every start, or the server refuses them. The small log
 * file makes creation four times as fast and 76 MB smaller.
 */
const shapeFlags = ['--innodb-log-file-size=8M'];

/** What a MariaDB of this project is, and where one comes from. */
export const MARIADB = {
  servers: ['mariadbd', 'mysqld'],
  installers: ['mariadb-install-db', 'mysql_install_db'],
  /** In Debian the installer calls this one and does not come with it. */
  installerNeeds: ['my_print_defaults'],
  packages: {
    apt: 'mariadb-server-core mariadb-client-core',
    brew: 'mariadb',
    otherwise:
      'Or a server of your own: DATABASE_URL=mysql://user:password@host:3306/name npm start, for example with\n' +
      '  docker run -d -p 127.0.0.1:3306:3306 -e MARIADB_ROOT_PASSWORD=haru -e MARIADB_DATABASE=haru mariadb:11\n' +
      '  DATABASE_URL=mysql://root:haru@127.0.0.1:3306/haru npm start',
    accept: isMariadbOrInstaller,
  },
  installFlags: [
    user(),
    '--auth-root-authentication-method=normal',
    '--skip-test-db',
    '--skip-name-resolve',
    // Without it the tool gives up on a machine that cannot look up its own name.
    '--force',
  ],
  shapeFlags,
  // Never while the files are made: what is not flushed then, no start can recover.
  fastFlags: ['--innodb-flush-log-at-trx-commit=0', '--skip-innodb-doublewrite', '--innodb-fast-shutdown=2'],
};

/**
 * A starting server deletes every temporary table that it finds in its folder for those, other servers' too, which then
 * crash: so each has one of its own.
 *
 * @param {string} home
 */
export function temporaryDir(home) {
  return join(home, 'tmp');
}

/**
 * @param {{ home: string, socket: string, log: string, init: string }} places
 * @returns {string[]} how the server runs: on its socket alone, in UTC, telling 🍣 from 🍺
 */
export function serverFlags({ home, socket, log, init }) {
  return [
    '--no-defaults',
    `--datadir=${join(home, 'data')}`,
    `--tmpdir=${temporaryDir(home)}`,
    `--socket=${socket}`,
    `--pid-file=${join(home, 'mariadb.pid')}`,
    `--log-error=${log}`,
    `--init-file=${init}`,
    user(),
    '--skip-networking',
    '--skip-name-resolve',
    '--innodb-buffer-pool-size=64M',
    '--character-set-server=utf8mb4',
    '--collation-server=utf8mb4_unicode_520_ci',
    '--default-time-zone=+00:00',
    '--performance-schema=OFF',
    '--max-connections=500',
    ...shapeFlags,
  ];
}

/**
 * Oracle's MySQL has the same program name, other flags and another way to make its files.
 *
 * @param {string} program
 */
function isMariadbOrInstaller(program) {
  if (!program.endsWith('/mysqld')) return true;
  try {
    return execFileSync(program, ['--version'], { encoding: 'utf8', stdio: 'pipe' }).includes('MariaDB');
  } catch {
    return false;
  }
}
