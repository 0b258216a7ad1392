import { readFile, readdir } from 'node:fs/promises';
import type { Weight } from '../core/weight';

/** @returns what a process takes at the moment; null where the system does not tell, or not this account */
export async function weightOf(pid: number): Promise<Weight | null> {
  try {
    const [status, descriptors] = await Promise.all([
      readFile(`/proc/${pid}/status`, 'utf8'),
      readdir(`/proc/${pid}/fd`),
    ]);
    const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(status) ?? [];
    return kibibytes === undefined
      ? null
      : { rssMiB: Number(kibibytes) / 1_024, descriptors: descriptors.length };
  } catch {
    return null;
  }
}
