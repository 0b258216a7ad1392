import { loadDeployCommand } from '@app/config';
import type { Command } from 'commander';
import { COLOURS } from '../core/colour';
import { renderCompletion, SHELLS, type Completed } from '../core/completion';
import { DeployError } from '../core/errors';
import { completedWord } from '../core/own-name';

/** What may be written where a command asks for something. */
const ARGUMENTS: Readonly<Record<string, readonly string[]>> = {
  colour: COLOURS,
  'on|off': ['on', 'off'],
  wish: ['start', 'stop', 'status', 'listen'],
  shell: SHELLS,
};

/** @throws DeployError for a shell that is not known */
export function completion(program: Command, name: string): string {
  const shell = SHELLS.find((one) => one === name);
  if (shell)
    return renderCompletion(shell, completedWord(loadDeployCommand()), program.commands.map(completed));
  throw new DeployError('usage', {
    what: `${JSON.stringify(name)}: completion is for ${SHELLS.join(' and ')}.`,
  });
}

function completed(command: Command): Completed {
  const asked = command.registeredArguments.flatMap((one) => ARGUMENTS[one.name()] ?? []);
  const options = command.options.flatMap(({ long }) => long ?? []);
  return {
    name: command.name(),
    description: command.description(),
    words: [...asked, ...options, '--json', '--config', '--help'],
  };
}
