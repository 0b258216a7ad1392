import { isDumbTerminal, loadDeployCommand } from '@app/config';
import { runCli } from './cli';
import { withOwnName } from './core/own-name';

const INTERRUPTIONS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** The only place that knows it: all that this tool says goes through here. */
const named = (text: string): string => withOwnName(text, loadDeployCommand());

/**
 * Being interrupted is no special case: the journal is on the disk, and the next command finishes or undoes what was
 * begun, as it does after a crash.
 */
for (const name of INTERRUPTIONS) {
  process.once(name, () => {
    process.stderr.write(named(`\nInterrupted by ${name}. Next:  npm run deploy -- status\n`));
    process.kill(process.pid, name);
  });
}

// Whoever read may have gone (a pager, a terminal that was closed): a deploy goes on without.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE' && error.code !== 'EIO') throw error;
  });
}

const line = (stream: NodeJS.WriteStream) => (text: string) => void stream.write(`${named(text)}\n`);
const { stdout } = process;
const terminal = {
  write: (text: string) => void stdout.write(named(text)),
  columns: () => stdout.columns || 80,
};
const streams = {
  out: line(stdout),
  err: line(process.stderr),
  ...(stdout.isTTY && !isDumbTerminal() ? { terminal } : {}),
};

void runCli(process.argv.slice(2), process.cwd(), streams).then((code) => {
  process.exitCode = code;
});
