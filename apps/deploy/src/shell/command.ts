import { spawn } from 'node:child_process';
import { DeployError } from '../core/errors';
import { isErrno } from './files';

export type CommandResult = Readonly<{ code: number; output: string }>;

/**
 * Runs a program to its end.
 *
 * @param programs names or paths of the same program; the first that exists is run
 * @param howToGet what a person types when there is none
 * @throws DeployError when the program is missing
 */
export async function runCommand(
  programs: readonly string[],
  args: readonly string[],
  howToGet?: string,
): Promise<CommandResult> {
  for (const program of programs) {
    const result = await runIfThere(program, args);
    if (result) return result;
  }
  throw new DeployError('needsHuman', {
    what: `${programs[0]} is missing on this machine.`,
    left: 'Nothing was changed.',
    next: howToGet,
  });
}

/** How long output may still come after the end: a daemon that was left behind may hold the pipe for ever. */
const LAST_WORDS_MS = 500;

function runIfThere(program: string, args: readonly string[]): Promise<CommandResult | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => (output += text));
    }
    const finish = (code: number | null) => resolve({ code: code ?? 1, output });
    child.on('error', (error) => (isErrno(error, 'ENOENT') ? resolve(null) : reject(error)));
    child.on('exit', (code) => setTimeout(finish, LAST_WORDS_MS, code).unref());
    child.on('close', finish);
  });
}
