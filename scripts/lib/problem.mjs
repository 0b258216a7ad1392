// @ts-check

/** A failure that its reader can do something about: shown as its message alone, without a stack. */
export class Problem extends Error {
  /**
   * @param {string} message what is wrong and what to do, for a person
   * @param {number} [exitCode]
   */
  constructor(message, exitCode = 1) {
    super(message);
    this.name = 'Problem';
    this.exitCode = exitCode;
  }
}

/**
 * Tells a person what goes on. On stderr: stdout belongs to results, which other programs may read.
 *
 * @param {string} text
 */
export function say(text) {
  process.stderr.write(`${text}\n`);
}

/**
 * Runs a script's main function and ends the process with its exit code: 0, or what a Problem says, or 1.
 *
 * @param {() => Promise<number | void>} main returns the exit code, 0 by default
 */
export async function runMain(main) {
  // The terminal may be gone, or the reader of a pipe: that must not stop the cleaning up.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  try {
    process.exitCode = (await main()) ?? 0;
  } catch (error) {
    process.exitCode = error instanceof Problem ? error.exitCode : 1;
    if (error instanceof Error && error.name === 'AbortError') return say('Stopped.');
    say(error instanceof Problem ? error.message : String(error instanceof Error ? error.stack : error));
  }
}
