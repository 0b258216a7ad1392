import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, open, readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Target } from '../core/colour';
import type { Migrations } from '../core/contract-plan';
import { DeployError } from '../core/errors';
import type { Facts, ReleaseFacts } from '../core/facts';
import { asService } from './drivers/as-service';
import { lastLines, parseJson, readIfThere } from './files';
import { releaseHome } from './releases';
import type { Site } from './site';
import type { Told } from './steps';

/** How a migration program names what it did, and what is left to `contract`. */
const APPLIED = /^Applied: (.+)$/m;
const UP_TO_DATE = /^The database is up to date\.$/m;
const CONTRACT_PENDING = /^Contract pending: (.+)$/m;

/** How it ends; docs/deploys.md promises these. Everything else but 0: it failed half way, and can be run again. */
const ENDINGS: Readonly<Record<number, string>> = {
  3: 'were refused before anything was run',
  4: 'had to wait too long for others, and gave up',
};

const names = z.array(z.string());
const list = z.object({ applied: names, pending: names });
const statusSchema = z.object({ expand: list, contract: list, beyond: names.default([]) });

/**
 * Brings the database to what the release needs. The live release keeps working meanwhile, so these are migrations
 * that only add (expand).
 *
 * @returns the names of the migrations, where the program prints them as ours does
 * @throws DeployError with the program's last lines
 */
export async function expand(site: Site, { to }: Readonly<{ to: Target }>): Promise<Told> {
  if (site.settings.service.migrate === null) return {};
  const { log, failure } = await runProgram(site, to.release, ['--phase', 'expand'], migrationLog(site, to));
  if (failure === null) return toldBy((await readIfThere(log)) ?? '');
  throw new DeployError('unhealthy', {
    what: `The migrations of ${to.release} ${failure}.`,
    details: await lastLines(log, 15),
  });
}

/** Takes away what no release needs any more. @throws DeployError with the program's last lines */
export async function contract(site: Site, { to }: Readonly<{ to: Target }>): Promise<Told> {
  const path = `${site.layout.logDir}/contract-${to.release}.log`;
  const { log, failure } = await runProgram(site, to.release, ['--phase', 'contract'], path);
  if (failure === null) return toldBy((await readIfThere(log)) ?? '');
  throw new DeployError('needsHuman', {
    what: `The contract migrations of ${to.release} ${failure}.`,
    details: await lastLines(log, 15),
    left: `${to.release} serves as before. Older releases count as unable to run, since something may be gone.`,
    next: 'npm run deploy -- contract goes on where they stopped',
  });
}

/** What a release's program says about the database. @returns null when it does not say */
export async function askMigrations(site: Site, release: string): Promise<Migrations | null> {
  if (site.settings.service.migrate === null) return null;
  const path = `${site.layout.logDir}/migrate-status-${release}.log`;
  const { failure } = await runProgram(site, release, ['--status', '--json'], path);
  if (failure !== null) return null;
  const said = (await readFile(path, 'utf8')).split('\n').findLast((line) => line.startsWith('{'));
  const { data } = statusSchema.safeParse(parseJson(said ?? ''));
  if (!data) return null;
  return {
    expandPending: data.expand.pending,
    contractPending: data.contract.pending,
    contract: [...data.contract.applied, ...data.contract.pending],
    beyond: data.beyond,
  };
}

/**
 * A release with the contract migrations that it brings along. Asked for only where that matters, and where its program is
 * there to be asked: one that is yet to be unpacked refuses a database that is too new by itself, before its start.
 */
export async function measured(site: Site, { state }: Facts, release: ReleaseFacts): Promise<ReleaseFacts> {
  if (!state?.floor || !release.migrates || release.source === 'elsewhere') return release;
  const migrations = await askMigrations(site, release.id);
  return migrations ? { ...release, knows: migrations.contract } : release;
}

/** Contract migrations that the live release had left when it went live. @returns none where nobody said so */
export async function contractLeft(
  site: Site,
  live: Target,
  begun: readonly string[],
): Promise<readonly string[]> {
  const said = CONTRACT_PENDING.exec((await readIfThere(migrationLog(site, live))) ?? '');
  return (said?.[1]?.split(', ') ?? []).filter((name) => !begun.includes(name));
}

async function runProgram(
  site: Site,
  release: string,
  args: readonly string[],
  path: string,
): Promise<Readonly<{ log: string; failure: string | null }>> {
  const program = site.settings.service.migrate ?? '';
  await mkdir(site.layout.logDir, { recursive: true, mode: 0o750 });
  const log = await open(path, 'w', 0o640);
  try {
    const cwd = await releaseHome(site, release);
    const [runner = '', ...words] = await asService(site, release, [program, ...args], cwd);
    const child = spawn(runner, words, { cwd, stdio: ['ignore', log.fd, log.fd] });
    const [code, killedBy] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    if (code === 0) return { log: path, failure: null };
    return { log: path, failure: ENDINGS[code ?? 1] ?? `failed (${killedBy ?? `exit code ${code}`})` };
  } finally {
    await log.close();
  }
}

function migrationLog({ layout }: Site, { release }: Target): string {
  return `${layout.logDir}/migrate-${release}.log`;
}

function toldBy(output: string): Told {
  const left = CONTRACT_PENDING.exec(output)?.[1];
  const later = left === undefined ? '' : `; left to contract: ${left}`;
  if (UP_TO_DATE.test(output)) return { migrations: [], note: `up to date${later}` };
  const applied = APPLIED.exec(output)?.[1];
  if (applied === undefined) return {};
  const migrations = applied.split(', ');
  return { migrations, note: `${migrations.length} applied${later}` };
}
