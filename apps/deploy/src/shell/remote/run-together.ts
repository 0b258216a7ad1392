import { loadOperator } from '@app/config';
import { isSettled, longestEndMs, mayGo, mayKeep, type Standing } from '../../core/fleet';
import { settingsOn, type Host } from '../../core/host-settings';
import type { Gate, Job } from '../../core/job';
import type { Reporter } from '../reporter';
import type { Site } from '../site';
import { AttendedJob, within } from './attended';
import { Bell } from './bell';
import { remember } from './fleet-file';

/** Before a word is given that cannot be taken back, every host must have been heard within this time. */
const ROLL_CALL_MS = 3_000;

export type Together = Readonly<{
  site: Site;
  reporter: Reporter;
  /** what each host runs */
  words: readonly string[];
  /** where this leads to */
  release: string;
  /** of its code; unset: whatever the hosts have under that id */
  digest?: string;
  hosts: readonly Host[];
}>;

/**
 * Runs a command on all hosts at once, so that all switch or none: each prepares; when all are prepared, each switches;
 * when all have come through, each lets its old release go. A host that fails on the way takes all the others back.
 *
 * @returns each host as it stands at the end; one that was not begun, because the first had failed, is left out
 * @throws whatever keeps this machine from going on, such as a full disk, when all hosts have gone back
 */
export async function runTogether(together: Together): Promise<readonly AttendedJob[]> {
  const { site, release } = together;
  const id = `${new Date().toISOString().replaceAll(':', '-')}-${process.pid}`;
  await remember(site, { run: { id, release, order: null } });
  const bell = new Bell();
  const jobs: AttendedJob[] = [];
  const ends: Promise<void>[] = [];
  const start = (host: Host, migrates: boolean): void => {
    const job = new AttendedJob(site, host, {
      job: jobFor(together, host, { id, migrates }),
      onLine: (text) => together.reporter.say(`${host.name}  ${text}`),
      onChange: () => bell.ring(),
    });
    jobs.push(job);
    ends.push(job.follow());
  };
  try {
    await startAll(together, { start, jobs, bell });
    if (await leadTo('go', { site, id, release, jobs, bell, together }))
      await leadTo('keep', { site, id, release, jobs, bell, together });
  } catch (error) {
    // Hosts that go on hearing signs of life wait for a word that would never come, with their locks.
    together.reporter.say('This machine cannot go on: all go back.');
    for (const job of jobs) if (job.progress.kind !== 'ended') job.say('undo');
    await within(longestEndMs(site.settings), jobs, Promise.all(ends));
    throw error;
  }
  await Promise.all(ends);
  return jobs;
}

type Starting = Readonly<{
  start: (host: Host, migrates: boolean) => void;
  jobs: readonly AttendedJob[];
  bell: Bell;
}>;

/** One host migrates, the others begin when it has: each migration runs once, and nobody waits for a lock. */
async function startAll({ site, hosts }: Together, { start, jobs, bell }: Starting): Promise<void> {
  let isMigrated = site.settings.service.migrate === null;
  for (const host of hosts) {
    start(host, !isMigrated);
    const job = jobs.at(-1);
    if (isMigrated || !job) continue;
    await bell.until(() => job.steps.includes('migrate') || isSettled('go', standingOf(job)));
    if (isTrouble('go', standingOf(job))) return;
    // One that had nothing to do has not migrated either: the next one does.
    isMigrated = job.progress.kind !== 'ended';
  }
}

type Leading = Readonly<{
  site: Site;
  id: string;
  release: string;
  jobs: readonly AttendedJob[];
  bell: Bell;
  together: Together;
}>;

/** @returns whether the hosts go on */
async function leadTo(gate: Gate, { site, id, release, jobs, bell, together }: Leading): Promise<boolean> {
  const standings = (): readonly Standing[] => jobs.map(standingOf);
  const isDecided = (): boolean =>
    standings().some((one) => isTrouble(gate, one)) || standings().every((one) => isSettled(gate, one));
  await bell.until(isDecided);
  const isOn =
    gate === 'keep'
      ? mayKeep(standings())
      : mayGo(standings()) && jobs.length === together.hosts.length && (await callTheRoll(jobs, bell));
  const order = isOn ? gate : 'undo';
  await remember(site, { run: { id, release, order } });
  for (const job of jobs) if (job.progress.kind !== 'ended') job.say(order);
  if (!isOn) together.reporter.say('Not all hosts are well: all go back.');
  return isOn;
}

/** A host that went silent a moment ago is noticed before anything is switched. */
async function callTheRoll(jobs: readonly AttendedJob[], bell: Bell): Promise<boolean> {
  const asked = performance.now();
  const waiting = jobs.filter(({ progress }) => progress.kind === 'waits');
  waiting.forEach((job) => job.ping());
  return bell.until(() => waiting.every(({ heardAt }) => heardAt > asked), ROLL_CALL_MS);
}

export function standingOf({ host, progress }: AttendedJob): Standing {
  return { host: host.name, progress };
}

/** After the switch nobody waits for a host that cannot be reached. */
function isTrouble(gate: Gate, { progress }: Standing): boolean {
  if (progress.kind === 'lost') return gate === 'go';
  return progress.kind === 'ended' && progress.exitCode !== 0;
}

export function jobFor(
  { site, words, digest = null }: Pick<Together, 'site' | 'words'> & { digest?: string | null },
  host: Host,
  { id, migrates }: Readonly<{ id: string; migrates: boolean }>,
): Job {
  const { goTimeoutMs } = site.settings.ssh;
  const settings = settingsOn(host, site.settings);
  return {
    id,
    words: [...words],
    isGated: true,
    migrates,
    goTimeoutMs,
    fingerprint: digest,
    askedBy: loadOperator(),
    settings,
  };
}
