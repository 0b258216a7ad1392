import { loadDeployCommand } from '@app/config';
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import { EXIT_CODES, teach } from './cli-help';
import type { Session } from './commands/session';
import { EXIT, type DeployError, type ExitCode } from './core/errors';
import { parseFault, type Fault } from './core/fault';
import { oneWord } from './core/own-name';
import { renderError } from './core/render';
import { asDeployError } from './shell/full-disk';
import { reporterFor, type Streams } from './shell/reporter';
import { loadSite, siteOf } from './shell/site';
import { addCommands, type Tools } from './cli-commands';
import { Answered, spreadOverHosts } from './cli-hosts';
import type { JobPlace } from './core/job';

/** What a coordinating machine hands to a host. */
export type Given = Readonly<{
  settings: unknown;
  /** where they are kept there */
  file?: string;
  job?: JobPlace;
}>;

type Options = Readonly<{ config?: string; json?: boolean; fault?: Fault }>;

/**
 * Runs one command line.
 *
 * @param words the arguments, without node and the script
 * @param projectDir relative paths begin here
 * @param given on a host, where the settings come by the connection
 */
export async function runCli(
  words: readonly string[],
  projectDir: string,
  streams: Streams,
  given?: Given,
): Promise<ExitCode> {
  const program = buildProgram(words, projectDir, streams, given);
  try {
    await program.parseAsync([...words], { from: 'user' });
    return EXIT.done;
  } catch (error) {
    if (error instanceof Answered) return error.exitCode;
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.done : EXIT.usage;
    const told = asTold(error);
    const { json } = program.opts<Options>();
    streams.err(renderError(told));
    if (json) streams.out(JSON.stringify({ ok: false, exitCode: told.exitCode, error: told.trouble }));
    return told.exitCode;
  }
}

function buildProgram(
  words: readonly string[],
  projectDir: string,
  streams: Streams,
  given?: Given,
): Command {
  const program = new Command(oneWord(loadDeployCommand()) ?? 'deploy')
    .description('Blue-green deploys that drop nothing, on one machine or several, behind nginx.')
    .option('-c, --config <file>', 'settings (default: deploy.yml if there is one)')
    .option('--json', 'the result as one JSON object on stdout; progress goes to stderr')
    .addOption(new Option('--fault <point>', 'for tests: after:switch:kill9').argParser(readFault).hideHelp())
    .addHelpText('after', EXIT_CODES)
    .configureOutput({
      writeOut: (text) => streams.out(text.trimEnd()),
      writeErr: (text) => streams.err(text.trimEnd()),
    })
    .exitOverride();
  const tools = {
    open: () => openSession(program.opts<Options>(), projectDir, streams, given),
    print: printer(program, streams),
  };
  addCommands(program, tools);
  if (!given) spreadOverHosts(program, { ...tools, words, out: streams.out });
  teach(program);
  return program;
}

function printer(program: Command, { out }: Streams): Tools['print'] {
  return (value, render) => {
    const { json } = program.opts<Options>();
    const text = json ? JSON.stringify({ ok: true, result: value }) : render(value);
    if (text !== '') out(text.trimEnd());
  };
}

async function openSession(
  options: Options,
  projectDir: string,
  streams: Streams,
  given?: Given,
): Promise<Session> {
  const site = given
    ? { ...siteOf(given.settings, projectDir, given.file ?? 'this host'), job: given.job }
    : await loadSite(options.config ?? null, projectDir);
  return { site, reporter: reporterFor(streams, options), fault: options.fault ?? null };
}

function readFault(text: string): Fault {
  const fault = parseFault(text);
  if (!fault) throw new InvalidArgumentError('It is written before|after:<step>:kill9|throw|hang.');
  return fault;
}

function asTold(error: unknown): DeployError {
  const told = asDeployError(error);
  return told.kind === 'bug' ? told.with({ next: 'report it, with these lines' }) : told;
}
