// @ts-check
import { tmpdir } from 'node:os';
import { canInstallByApt } from './lib/apt.mjs';
import { ensureBuilt } from './lib/build.mjs';
import { CHROMIUM, ensureCommand } from './lib/commands.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runJest, verdictOf } from './lib/jest.mjs';
import { ensureMariadb } from './lib/mariadb.mjs';
import { Problem, runMain, say } from './lib/problem.mjs';
import { listenForStop } from './lib/signals.mjs';

const { signal } = listenForStop();

/** What the tests need besides themselves. */
async function prepare() {
  await ensureMariadb(tmpdir(), signal);
  await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' }, signal);
  await ensureCommand('redis-server', { apt: 'redis-server', brew: 'redis' }, signal);
  await ensureCommand(CHROMIUM, { apt: 'chromium', brew: '--cask chromium' }, signal);
  await ensureCommand('ssh', { apt: 'openssh-client' }, signal);
  await ensureCommand('sshd', { apt: 'openssh-server' }, signal);
  if (canInstallByApt()) {
    await ensureCommand('debootstrap', { apt: 'debootstrap' }, signal);
    await ensureCommand('systemd-nspawn', { apt: 'systemd-container' }, signal);
    await ensureCommand('ip', { apt: 'iproute2' }, signal);
    await ensureCommand('podman', { apt: 'podman runc' }, signal);
  } else {
    say('Left out: test/second-system, which boots systems of its own and needs root on Debian or Ubuntu.');
  }
  await ensureDependencies({ signal });
  await ensureBuilt({ signal });
}

/**
 * Runs everything, or what further arguments for jest select (`npm test -- studies`). The last line is the verdict
 * alone, also when there is nothing to run because the code does not compile.
 */
await runMain(async () => {
  const unable = await prepare().catch((error) => (error instanceof Problem ? error : Promise.reject(error)));
  const { passed, failed, skipped, reason } = unable
    ? { passed: 0, failed: 1, skipped: 0, reason: unable.message }
    : verdictOf(await runJest(process.argv.slice(2)));
  if (reason !== undefined) say(reason);
  process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  return failed > 0 || passed === 0 ? 1 : 0;
});
