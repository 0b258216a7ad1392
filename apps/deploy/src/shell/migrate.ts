import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open } from 'node:fs/promises';
import type { Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { lastLines } from './files';
import { releaseHome } from './releases';
import type { Site } from './site';

/**
 * Brings the database to what the release needs. The live release keeps working meanwhile, so these are migrations
 * that only add (expand).
 *
 * @throws DeployError with the runner's last lines
 */
export async function runMigrations(site: Site, { release }: Target): Promise<void> {
  const { layout, settings } = site;
  const program = settings.service.migrate;
  if (program === null) return;
  const path = `${layout.logDir}/migrate-${release}.log`;
  await mkdir(layout.logDir, { recursive: true, mode: 0o750 });
  const log = await open(path, 'w', 0o640);
  try {
    const cwd = await releaseHome(site, release);
    const child = spawn(process.execPath, [program], { cwd, stdio: ['ignore', log.fd, log.fd] });
    const [code, killedBy] = await once(child, 'exit');
    if (code === 0) return;
    throw new DeployError('unhealthy', {
      what: `The migrations of ${release} failed (${killedBy ?? `exit code ${code}`}).`,
      details: await lastLines(path, 15),
    });
  } finally {
    await log.close();
  }
}
