import type { Command } from 'commander';
import { history } from './commands/history';
import { renderShown } from './commands/preview';
import { renderSettled } from './commands/settle';
import { renderStandby } from './commands/standby';
import { askEach, doOnEach, refuseFailures, showEach } from './commands/hosts/everywhere';
import { planOnHosts } from './commands/hosts/plan';
import {
  contractOnHosts,
  deployOnHosts,
  endJobsOnHosts,
  rollbackOnHosts,
  switchOnHosts,
} from './commands/hosts/together';
import type { Session } from './commands/session';
import { DeployError, type ExitCode } from './core/errors';
import { renderAnswers, type Answers } from './core/fleet-answers';
import { fleetStatus } from './core/fleet-status';
import { isEndless, mannerOf, wordsForHosts, type Manner } from './core/fleet-commands';
import { renderHistory } from './core/history';
import type { Host } from './core/host-settings';
import { renderPlan, renderReceipt } from './core/render';
import type { Receipt } from './core/receipt';
import type { DeployRequest } from './shell/store/inspect';
import { readMemory } from './shell/remote/fleet-file';
import { lookAtAll } from './shell/remote/look-all';

/** Ends a command line that the hosts have answered. */
export class Answered extends Error {
  constructor(readonly exitCode: ExitCode) {
    super('the hosts have answered');
  }
}

type Tools = Readonly<{
  words: readonly string[];
  open: () => Promise<Session>;
  out: (text: string) => void;
  print: <T>(value: T, render: (value: T) => string) => void;
}>;

type Options = Readonly<{ host?: string; json?: boolean; dryRun?: boolean }>;

/** Where the settings name hosts, commands are carried out there instead of on this machine. */
export function spreadOverHosts(program: Command, tools: Tools): void {
  program.option('--host <name>', 'of several hosts, only this one (for commands that look)');
  program.hook('preAction', async (_, action) => {
    const options = action.optsWithGlobals<Options>();
    const name = action.name();
    const manner = name === 'deploy' && options.dryRun ? 'plan' : mannerOf(name);
    if (manner === 'here') return;
    // Wrong settings are the command's own to tell.
    const session = await tools.open().catch(() => null);
    if (session === null) return;
    const { hosts } = session.site.settings;
    if (hosts.length === 0 && options.host === undefined) return;
    const chosen = chooseHosts(hosts, options.host);
    if (isEndless(name, action.args)) throw refuseEndless([name, ...action.args].join(' '));
    const exitCode = await carryOut(manner, { ...tools, name, action, session, chosen, options });
    throw new Answered(exitCode);
  });
}

type Course = Tools &
  Readonly<{ name: string; action: Command; session: Session; chosen: readonly Host[]; options: Options }>;

async function carryOut(manner: Manner, course: Course): Promise<ExitCode> {
  const { name, options, session, chosen } = course;
  const isOne = options.host !== undefined;
  const words = wordsForHosts(course.words);
  if (manner === 'together' && !isOne) course.print(await moveAll(course), renderReceipt);
  else if (manner === 'own' && !isOne) await showOwn(course);
  else if (manner === 'plan') return showPlans(course);
  else if (manner === 'look' || manner === 'own') return look(course, words);
  else if (manner === 'once' && !isOne) {
    const { closeWindow = false } = course.action.opts<{ closeWindow?: boolean }>();
    show(course, await contractOnHosts(session, words, closeWindow));
  } else if (manner === 'each' || (manner === 'one' && isOne)) {
    // Each host has its lock back then.
    if (name === 'settle') await endJobsOnHosts(session, chosen);
    const said = await doOnEach(session, chosen, words);
    refuseFailures(said);
    show(course, said.hosts);
  } else throw refusal(name, isOne);
  return 0;
}

/** Results as those who run the command on that machine see them; commands without a result are left out. */
const RENDER: Readonly<Record<string, (result: never) => string>> = {
  contract: renderReceipt,
  nginx: ({ text }: { text: string }) => text,
  plan: renderPlan,
  preview: renderShown,
  settle: renderSettled,
  standby: renderStandby,
};

function show({ name, options, print }: Course, answers: Answers): void {
  const render = (RENDER[name] ?? (() => '')) as (result: unknown) => string;
  print({ hosts: answers }, ({ hosts }) => renderAnswers(hosts, render, options.host !== undefined));
}

function moveAll({ name, action, session }: Course): Promise<Receipt> {
  if (name === 'rollback') return rollbackOnHosts(session, action.opts<{ to?: string }>().to);
  if (name === 'switch') return switchOnHosts(session);
  return deployOnHosts(session, requestOf(action));
}

function requestOf(action: Command): DeployRequest {
  return { ...action.opts<Omit<DeployRequest, 'id'>>(), id: action.args[0] ?? '' };
}

async function showPlans(course: Course): Promise<ExitCode> {
  const said = await planOnHosts(course.session, course.chosen, requestOf(course.action));
  if (course.options.json) refuseFailures(said);
  show({ ...course, name: 'plan' }, said.hosts);
  return said.exitCode;
}

async function showOwn({ name, action, session, print }: Course): Promise<void> {
  const { site } = session;
  if (name === 'history') {
    print(await history(session, action.opts<{ limit: number }>().limit), renderHistory);
    return;
  }
  const found = await lookAtAll(site, site.settings.hosts, null);
  print(fleetStatus(found, await readMemory(site)), ({ text }) => text);
}

async function look(
  { session, chosen, options, out, print }: Course,
  words: readonly string[],
): Promise<ExitCode> {
  if (!options.json) return showEach(session, chosen, words, out);
  const said = await askEach(session, chosen, words);
  refuseFailures(said);
  print({ hosts: said.hosts }, () => '');
  return said.exitCode;
}

function chooseHosts(hosts: readonly Host[], name: string | undefined): readonly Host[] {
  if (name === undefined) return hosts;
  const chosen = hosts.filter((host) => host.name === name);
  if (chosen.length > 0) return chosen;
  const known = hosts.length === 0 ? 'the settings name none' : hosts.map((host) => host.name).join(', ');
  throw new DeployError('usage', { what: `There is no host ${JSON.stringify(name)}: ${known}.` });
}

function refuseEndless(what: string): DeployError {
  return new DeployError('usage', {
    what: `${what} has no end: it is not for a connection, but for a unit of the host itself.`,
    left: 'Nothing was changed.',
    next: 'run it there, with the settings of that host: docs/deploys.md (Standby)',
  });
}

function refusal(command: string, isOne: boolean): DeployError {
  if (isOne) {
    return new DeployError('usage', {
      what: `${command} is for all hosts: people must not meet two releases.`,
      left: 'Nothing was changed.',
      next: `npm run deploy -- ${command}, without --host`,
    });
  }
  return new DeployError('usage', {
    what: `${command} is for one host at a time: colours and processes differ from host to host.`,
    left: 'Nothing was changed.',
    next: `npm run deploy -- ${command} … --host <name>`,
  });
}
