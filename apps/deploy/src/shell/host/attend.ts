import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readMessage, type HostEvent, type Job, type Message } from '../../core/job';
import { siteOf } from '../site';
import { giveOrder, isAtWork, jobFolder, pruneJobs, readResult } from './job-folder';
import { renewLease, toldIn, writeJob } from './job-folder';

const POLL_MS = 10;
/** A process that was just started has its lock within this time, on a machine that is busy to its limit. */
const START_MS = 15_000;

type Wire = Readonly<{ lines: AsyncIterable<string>; write: (line: string) => void }>;

/**
 * Listens to the coordinating machine while a job goes on: starts it where it was not started yet, tells all that it has
 * told since the last time, and passes orders on. When the connection is lost this ends, and the job does not.
 *
 * @param program the file that does a job: `node <program> work <folder>`
 * @returns when the end of the job was told, or nobody listens any more
 */
export async function attend(wire: Wire, projectDir: string, program: string): Promise<void> {
  const messages = wire.lines[Symbol.asyncIterator]();
  const first = readMessage((await messages.next()).value ?? '');
  if (first?.say !== 'attend') throw new Error('the first line must name a job');
  const { job, seen } = first;
  const dir = jobFolder(
    siteOf(job.settings, projectDir, 'the settings of this host').layout.stateDir,
    job.id,
  );
  await begin(dir, job, projectDir, program);
  const answer = (event: HostEvent): void => wire.write(JSON.stringify(event));
  await Promise.race([obey(dir, messages, answer), report(dir, seen, wire.write)]);
}

async function begin(dir: string, job: Job, projectDir: string, program: string): Promise<void> {
  await writeJob(dir, job);
  const isBegun = (await toldIn(dir)).length > 0 || (await readResult(dir)) !== null || (await isAtWork(dir));
  if (isBegun) return;
  const log = await open(`${dir}/log`, 'a', 0o600);
  try {
    const asked = job.askedBy === null ? [] : [`SUDO_USER=${job.askedBy}`];
    const command = [...asked, process.execPath, program, 'work', dir];
    const stdio = ['ignore', log.fd, log.fd] as const;
    const child = spawn('/usr/bin/env', command, { cwd: projectDir, detached: true, stdio: [...stdio] });
    await once(child, 'spawn');
    child.unref();
  } finally {
    await log.close();
  }
}

/** @returns when nobody listens any more */
async function obey(
  dir: string,
  lines: AsyncIterator<string>,
  answer: (event: HostEvent) => void,
): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) return;
    const message: Message | null = readMessage(value);
    if (message?.say === 'alive') {
      await renewLease(dir);
      answer({ kind: 'pong', sent: message.sent, now: Date.now() });
    }
    if (message?.say === 'order') {
      await giveOrder(dir, message.order);
      answer({ kind: 'heard', order: message.order });
    }
  }
}

/** @returns when the end was told */
async function report(dir: string, seen: number, write: (line: string) => void): Promise<void> {
  const startBy = performance.now() + START_MS;
  for (let told = seen; ; await sleep(POLL_MS)) {
    // Asked before the lines are read: what was told before the end is read then, too.
    const result = await readResult(dir);
    const isOver = result !== null || !(await isAtWork(dir));
    const lines = await toldIn(dir);
    lines.slice(told).forEach(write);
    told = Math.max(told, lines.length);
    if (result) return finish(dir, { kind: 'ended', ...result }, write);
    const isYoung = lines.length === 0 && performance.now() < startBy;
    if (isOver && !isYoung && (await readResult(dir)) === null) return finish(dir, { kind: 'died' }, write);
  }
}

async function finish(dir: string, event: HostEvent, write: (line: string) => void): Promise<void> {
  write(JSON.stringify(event));
  await pruneJobs(dir.slice(0, dir.lastIndexOf('/jobs/')));
}
