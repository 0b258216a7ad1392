// @ts-check
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../lib/paths.mjs';
import { copyBuild } from './site.mjs';

const SERVICE = 'test/support/deploy-fixture';

/** Short gates and windows: a switch is over within 3 s, unless a long request keeps the old colour. */
export const SETTINGS = Object.freeze({
  health: { timeoutMs: 15_000, intervalMs: 20, inARow: 3 },
  verify: { timeoutMs: 5_000, inARow: 10 },
  // The code is known to be good, and a machine that is loaded to its limit has slow moments.
  watch: { forMs: 300, intervalMs: 30, slowMs: 5_000 },
  drain: { minMs: 100, timeoutMs: 30_000, intervalMs: 20 },
  stop: { timeoutMs: 10_000 },
  probe: { everyMs: 50 },
  nginx: { maxBodyKiB: 16_384 },
});

/** @param {string} dir of the site @returns {string} the file that gets the id of each executed write */
export function writesFile(dir) {
  return join(dir, 'writes.log');
}

/**
 * The smallest service that keeps the deployer's contract: what a campaign on it measures is the deployer and nginx.
 *
 * @param {string} dir of the site
 * @returns {Promise<import('./site.mjs').Recipe>}
 */
export async function prepareFixture(dir) {
  const build = join(dir, 'code');
  cpSync(join(ROOT, SERVICE), join(build, 'service'), { recursive: true });
  writeFileSync(writesFile(dir), '');
  const service = { entry: 'service/service.mjs', migrate: null };
  return {
    build,
    tool: copyBuild(join(dir, 'tool')),
    settings: { service, ...SETTINGS },
    databaseUrl: '',
    env: { FIXTURE_WRITES: writesFile(dir) },
    diagnose: () => '',
    close: async () => {},
  };
}

/** @param {string} dir of the site @returns {Map<string, number>} how often each write was executed */
export function executedWrites(dir) {
  const ids = existsSync(writesFile(dir)) ? readFileSync(writesFile(dir), 'utf8').split('\n') : [];
  /** @type {Map<string, number>} */
  const times = new Map();
  for (const id of ids) if (id !== '') times.set(id, (times.get(id) ?? 0) + 1);
  return times;
}
