import { resolve } from 'node:path';
import { runCli } from '../../cli';
import type { JobPlace } from '../../core/job';
import { DeployError } from '../../core/errors';
import { writeDurably } from '../durable';
import { parseJson } from '../files';
import { withLock } from '../lock';
import { jobLock, readJob, readResult, tell, writeResult, type JobResult } from './job-folder';

/**
 * Does a job, whether anybody listens or not: this process belongs to no session. What it has to say goes to the job's
 * folder, its end last of all. A second process for the same job finds it taken and does nothing.
 */
export async function work(dir: string, projectDir: string): Promise<void> {
  try {
    await withLock(jobLock(dir), 'a job', async () => {
      if ((await readResult(dir)) !== null) return;
      const result = await carryOut(dir, projectDir);
      await writeResult(dir, result);
    });
  } catch (error) {
    if (!(error instanceof DeployError && error.kind === 'locked')) throw error;
  }
}

async function carryOut(dir: string, projectDir: string): Promise<JobResult> {
  const { words, settings, isGated, migrates, goTimeoutMs, fingerprint } = await readJob(dir);
  const job: JobPlace = { dir, isGated, migrates, goTimeoutMs, fingerprint };
  let output = '';
  let told = Promise.resolve();
  const say = (text: string): void => {
    told = told.then(() => tell(dir, { kind: 'line', text }));
  };
  const streams = { out: (text: string) => void (output += text), err: say };
  // For whatever is to be run there without us, at a boot or by a person.
  const file = resolve(dir, '../../deploy.json');
  await writeDurably(file, JSON.stringify(settings), 0o600);
  const exitCode = await runCli([...words, '--json'], projectDir, streams, { settings, job, file });
  await told;
  return { exitCode, output: parseJson(output) };
}
