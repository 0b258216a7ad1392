// @ts-check
import { cpus, release, totalmem } from 'node:os';
import { findCommand } from '../../lib/commands.mjs';
import { run } from '../../lib/run.mjs';

/** What the figures were measured on. */
export async function machine() {
  const nginx = findCommand('nginx');
  const version = nginx === undefined ? '' : await run(nginx, ['-v']);
  return {
    cpus: cpus().length,
    model: cpus()[0]?.model ?? '',
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    kernel: release(),
    node: process.version,
    nginx: /nginx\/(\S+)/.exec(version)?.[1] ?? '',
  };
}
