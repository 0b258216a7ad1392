import { ALIAS } from './completion';

/** In the texts of this tool, as they are written: what a person types in a checkout. */
const WRITTEN = /npm run (?:--silent )?deploy --(?=\s|'|$)/g;
/** A command of several words needs a name of one before its words can be completed. */
const ALIAS_LINE = new RegExp(`^ *alias ${ALIAS}=.*\\n`, 'gm');

/** @returns a text of this tool with the command that a person types here */
export function withOwnName(text: string, command: string): string {
  if (text.search(WRITTEN) === -1 || command === 'npm run deploy --') return text;
  const word = oneWord(command);
  const fit = word
    ? text.replace(ALIAS_LINE, '').replaceAll(`${ALIAS} completion`, `${word} completion`)
    : text;
  return fit.replace(WRITTEN, command);
}

/** @returns the word whose arguments a shell completes */
export function completedWord(command: string): string {
  return oneWord(command) ?? ALIAS;
}

/** @returns the name of the program; null where it takes several words to run it */
export function oneWord(command: string): string | null {
  return command.includes(' ') ? null : (command.split('/').at(-1) ?? null);
}
