import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import type { Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { asService } from './drivers/as-service';
import { lastLines, readIfThere } from './files';
import { releaseHome, releaseNode } from './releases';
import type { Site } from './site';
import type { Told } from './steps';

/** How our own runner names what it did. */
const APPLIED = /^Applied: (.+)$/m;
const UP_TO_DATE = /^The database is up to date\.$/m;

/**
 * Brings the database to what the release needs. The live release keeps working meanwhile, so these are migrations
 * that only add (expand).
 *
 * @returns the names of the migrations, where the runner prints them as ours does
 * @throws DeployError with the runner's last lines
 */
export async function runMigrations(site: Site, { release }: Target): Promise<Told> {
  const { layout, settings } = site;
  const program = settings.service.migrate;
  if (program === null) return {};
  const path = `${layout.logDir}/migrate-${release}.log`;
  await mkdir(layout.logDir, { recursive: true, mode: 0o750 });
  const log = await open(path, 'w', 0o640);
  try {
    const cwd = await releaseHome(site, release);
    const [runner = '', ...args] = asService(site, [await releaseNode(site, release), program], cwd);
    const child = spawn(runner, args, { cwd, stdio: ['ignore', log.fd, log.fd] });
    const [code, killedBy] = await once(child, 'exit');
    if (code === 0) return toldBy((await readIfThere(path)) ?? '');
    throw new DeployError('unhealthy', {
      what: `The migrations of ${release} failed (${killedBy ?? `exit code ${code}`}).`,
      details: await lastLines(path, 15),
    });
  } finally {
    await log.close();
  }
}

function toldBy(output: string): Told {
  if (UP_TO_DATE.test(output)) return { migrations: [], note: 'up to date' };
  const [, names] = APPLIED.exec(output) ?? [];
  if (names === undefined) return {};
  const migrations = names.split(', ');
  return { migrations, note: `${migrations.length} applied` };
}
