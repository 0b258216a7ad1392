import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { DeployError } from './core/errors';

/*
 * What a coordinating machine runs on a host, in the host's folder of the project: this file and all that it needs are
 * copied there. People use the commands of `main`. A task loads what it needs and no more: it is started for each question.
 */

const write = (line: string): void => void process.stdout.write(`${line}\n`);
const complain = (line: string): void => void process.stderr.write(`${line}\n`);

async function run([task = '', folder = '']: readonly string[]): Promise<number> {
  const here = process.cwd();
  switch (task) {
    case 'attend': {
      const { attend } = await import('./shell/host/attend.js');
      await attend({ lines: createInterface({ input: process.stdin }), write }, here, __filename);
      return 0;
    }
    case 'work': {
      const { work } = await import('./shell/host/work.js');
      await work(folder, here);
      return 0;
    }
    case 'look': {
      const { look, readQuestion } = await import('./shell/host/look.js');
      write(JSON.stringify(await look(readQuestion(await text(process.stdin)), here)));
      return 0;
    }
    case 'command': {
      const { answerCommand } = await import('./shell/host/command.js');
      return answerCommand(await text(process.stdin), here, { out: write, err: complain });
    }
    default:
      throw new Error(`${task} is no task of this program`);
  }
}

// The session may be gone at any moment; whatever must go on runs in a process of its own.
process.stdout.on('error', () => process.exit(0));

void run(process.argv.slice(2))
  .catch((error: unknown) => {
    const told = error instanceof DeployError ? error : null;
    complain(told ? [told.message, ...(told.trouble.details ?? [])].join('; ') : String(error));
    return told?.exitCode ?? 1;
  })
  // Not before all of it is read: a pipe takes 64 KiB at once. The input may stay open for ever.
  .then((code) => void process.stdout.write('', () => process.stderr.write('', () => process.exit(code))));
