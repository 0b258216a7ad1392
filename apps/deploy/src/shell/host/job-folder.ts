import { appendFile, mkdir, readFile, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { stat } from 'node:fs/promises';
import { jobSchema, ORDERS, type HostEvent, type Job, type Order } from '../../core/job';
import { writeDurably } from '../durable';
import { isErrno, parseJson, readIfThere } from '../files';
import { lockHolder } from '../lock';

/** Folders of jobs that are kept, for whoever wants to know what happened. */
const KEPT_JOBS = 10;

/** How a job ended: what its command line would have exited with, and printed with `--json`. */
export type JobResult = Readonly<{ exitCode: number; output: unknown }>;

export function jobFolder(stateDir: string, id: string): string {
  return `${stateDir}/jobs/${id}`;
}

/** Writes a job down, where it is not yet: asking for it again is asking once. */
export async function writeJob(dir: string, job: Job): Promise<void> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  if ((await readIfThere(`${dir}/job.json`)) === null) {
    await writeDurably(`${dir}/job.json`, JSON.stringify(job), 0o600);
  }
  await renewLease(dir);
}

export async function readJob(dir: string): Promise<Job> {
  return jobSchema.parse(parseJson(await readFile(`${dir}/job.json`, 'utf8')));
}

/** Says that the coordinating machine is there. */
export async function renewLease(dir: string): Promise<void> {
  const path = `${dir}/lease`;
  const now = new Date();
  await utimes(path, now, now).catch(() => writeFile(path, ''));
}

/** @returns for how long nothing was heard of the coordinating machine */
export async function leaseAgeMs(dir: string): Promise<number> {
  return Date.now() - (await stat(`${dir}/lease`)).mtimeMs;
}

/** On disk when this returns: whatever happens to the connection, the host has heard it. */
export async function giveOrder(dir: string, order: Order): Promise<void> {
  await writeDurably(`${dir}/${order}`, '');
}

/** @returns the orders that were given */
export async function ordersIn(dir: string): Promise<readonly Order[]> {
  const names = await readdir(dir);
  return ORDERS.filter((order) => names.includes(order));
}

/** For whoever listens, now or later. */
export async function tell(dir: string, event: HostEvent): Promise<void> {
  await appendFile(`${dir}/events.jsonl`, `${JSON.stringify(event)}\n`);
}

/** @returns the whole lines */
export async function toldIn(dir: string): Promise<readonly string[]> {
  const text = (await readIfThere(`${dir}/events.jsonl`)) ?? '';
  return text.split('\n').slice(0, -1);
}

export async function writeResult(dir: string, result: JobResult): Promise<void> {
  await writeDurably(`${dir}/result.json`, JSON.stringify(result));
}

export async function readResult(dir: string): Promise<JobResult | null> {
  return parseJson((await readIfThere(`${dir}/result.json`)) ?? '') as JobResult | null;
}

/** Held by the process that does the job, as long as it lives. */
export function jobLock(dir: string): string {
  return `${dir}/lock`;
}

export async function isAtWork(dir: string): Promise<boolean> {
  return (await lockHolder(jobLock(dir))) !== null;
}

/** @returns the jobs of a state folder, the newest last: an id begins with the instant at which it was made */
export async function jobsIn(stateDir: string): Promise<readonly string[]> {
  try {
    return (await readdir(`${stateDir}/jobs`)).sort();
  } catch (error) {
    if (isErrno(error, 'ENOENT')) return [];
    throw error;
  }
}

/** Removes the oldest jobs, never one that is at work. */
export async function pruneJobs(stateDir: string): Promise<void> {
  const old = (await jobsIn(stateDir)).slice(0, -KEPT_JOBS);
  for (const id of old) {
    const dir = jobFolder(stateDir, id);
    if (!(await isAtWork(dir))) await rm(dir, { recursive: true, force: true });
  }
}
