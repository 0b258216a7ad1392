import { z } from 'zod';
import { status } from '../../commands/status';
import type { HostLook } from '../../core/fleet';
import { lookUp } from '../releases';
import { parseJson } from '../files';
import { reporterFor } from '../reporter';
import { siteOf } from '../site';
import { isAtWork, jobFolder, jobsIn, leaseAgeMs } from './job-folder';

const questionSchema = z.object({
  settings: z.record(z.string(), z.unknown()),
  words: z.array(z.string()).default([]),
  release: z.string().nullable().default(null),
});

const QUIET = (): void => undefined;

export type Question = z.input<typeof questionSchema>;

export function readQuestion(text: string): z.output<typeof questionSchema> {
  return questionSchema.parse(parseJson(text));
}

/** Everything that the coordinating machine decides by. Changes nothing and takes no lock. */
export async function look(
  { settings, release }: z.output<typeof questionSchema>,
  projectDir: string,
): Promise<HostLook> {
  const site = siteOf(settings, projectDir, 'the settings of this host');
  const found = release === null ? null : await lookUp(site, release);
  return {
    status: await status({ site, reporter: reporterFor({ out: QUIET, err: QUIET }, {}), fault: null }),
    // The build of a host is nobody's release.
    release: found && found.source !== 'build' ? { fingerprint: found.fingerprint } : null,
    job: await jobAtWork(site.layout.stateDir),
  };
}

async function jobAtWork(stateDir: string): Promise<HostLook['job']> {
  for (const id of [...(await jobsIn(stateDir))].reverse()) {
    const dir = jobFolder(stateDir, id);
    if (await isAtWork(dir)) return { id, silentMs: Math.round(await leaseAgeMs(dir)) };
  }
  return null;
}
