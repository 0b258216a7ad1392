import { Command, InvalidArgumentError } from 'commander';
import { boot } from './commands/boot';
import { completion } from './commands/completion';
import { contract } from './commands/contract';
import { deploy } from './commands/deploy';
import { doctor } from './commands/doctor';
import { down } from './commands/down';
import { drain } from './commands/drain';
import { history } from './commands/history';
import { install } from './commands/install';
import { logs } from './commands/logs';
import { maintenance } from './commands/maintenance';
import { nginxConfiguration } from './commands/nginx';
import { plan } from './commands/plan';
import { preview, renderShown, type PreviewWish } from './commands/preview';
import { rollback } from './commands/rollback';
import type { Session } from './commands/session';
import { renderSettled, settle } from './commands/settle';
import { renderStandby, standby } from './commands/standby';
import { listenForAlerts } from './commands/standby-listen';
import { status } from './commands/status';
import { switchOver } from './commands/switch';
import { renderLock, unlock } from './commands/unlock';
import { renderChecks } from './core/checks';
import { renderHistory } from './core/history';
import { renderPlan, renderReceipt, renderStatus } from './core/render';
import type { DeployRequest } from './shell/store/inspect';

export type Tools = Readonly<{
  open: () => Promise<Session>;
  /** shows a result: as JSON when asked to, else as text */
  print: <T>(value: T, render: (value: T) => string) => void;
}>;

type DryRun = Readonly<{ dryRun?: boolean }>;

export function addCommands(program: Command, { open, print }: Tools): void {
  const request = (name: string, what: string): Command =>
    program
      .command(`${name} <release>`)
      .description(what)
      .option('--from <path>', 'the tarball, or the folder, that it is unpacked from')
      .option('--digest <sha256>', 'the digest that it must have')
      .option('--older', 'also when it is older than the live release');
  request('deploy', 'make a release live')
    .option('--dry-run', 'the same as plan')
    .action(async (id: string, { dryRun, ...wish }: DryRun & Omit<DeployRequest, 'id'>) =>
      dryRun
        ? print(await plan(await open(), { id, ...wish }), renderPlan)
        : print(await deploy(await open(), { id, ...wish }), renderReceipt),
    );
  request('plan', 'show what deploy would do, step by step, and do nothing').action(
    async (id: string, wish: Omit<DeployRequest, 'id'>) =>
      print(await plan(await open(), { id, ...wish }), renderPlan),
  );
  program
    .command('status')
    .description('what serves, what is wrong, what the next command would do')
    .action(async () => print(await status(await open()), renderStatus));
  program
    .command('rollback')
    .description('make the release before live again')
    .option('--to <release>', 'only to this one, where it is not live already')
    .action(async ({ to }: { to?: string }) => print(await rollback(await open(), to), renderReceipt));
  program
    .command('settle')
    .description('finish or undo what a cancelled command has left, and nothing else')
    .action(async () => print(await settle(await open()), renderSettled));
  addMovingCommands(program, { open, print });
  addMachineCommands(program, { open, print });
  addLookingCommands(program, { open, print });
}

/** They change who serves whom, and start nothing. */
function addMovingCommands(program: Command, { open, print }: Tools): void {
  program
    .command('switch')
    .description('move the traffic to the other colour, which must run and be healthy')
    .action(async () => print(await switchOver(await open()), renderReceipt));
  program
    .command('contract')
    .description('take away what only older releases needed; none of them can run afterwards')
    .option('--close-window', 'give up the way back, though its time is not over')
    .action(async ({ closeWindow = false }: { closeWindow?: boolean }) =>
      print(await contract(await open(), closeWindow), renderReceipt),
    );
  program
    .command('preview [release]')
    .description('show a release to a few before the switch, or say how it is seen')
    .option('--percent <percent>', 'share of people who meet it without a token, 0 to 50')
    .option('--end', 'show it to nobody any more, and stop it')
    .action(async (release: string | undefined, wish: PreviewWish) =>
      print(await preview(await open(), release, wish), renderShown),
    );
  program
    .command('drain <colour>')
    .description('stop an idle colour when nothing is under way on it')
    .action(async (colour: string) => print(await drain(await open(), colour), () => ''));
  program
    .command('standby <wish>')
    .description('start, stop or show the standby, or listen for alerts that start it')
    .action(async (wish: string) => {
      const session = await open();
      if (wish === 'listen') await listenForAlerts(session);
      else print(await standby(session, wish), renderStandby);
    });
  program
    .command('maintenance <on|off>')
    .description('close the site to people, or open it again')
    .action(async (wish: string) => print(await maintenance(await open(), wish), () => ''));
}

/** They set this machine up, or clear it. */
function addMachineCommands(program: Command, { open, print }: Tools): void {
  program
    .command('down')
    .description('stop both colours and the private nginx')
    .action(async () => print(await down(await open()), () => ''));
  program
    .command('install')
    .description('make systemd the supervisor of this site (driver.kind: systemd)')
    .option('--dry-run', 'only show the files')
    .action(async ({ dryRun = false }: DryRun) => print(await install(await open(), dryRun), () => ''));
  program
    .command('boot')
    .description('make live again what was live before this machine booted')
    .action(async () => print(await boot(await open()), () => ''));
  program
    .command('nginx')
    .description('print the nginx configuration of this site')
    .action(async () => print(await nginxConfiguration(await open()), ({ text }) => text));
}

/** They change nothing and take no lock. */
function addLookingCommands(program: Command, { open, print }: Tools): void {
  program
    .command('history')
    .description('what was deployed, by whom, how it ended')
    .option('-n, --limit <runs>', 'how many runs at most', readCount, 20)
    .action(async ({ limit }: { limit: number }) => print(await history(await open(), limit), renderHistory));
  program
    .command('logs [colour]')
    .description('what the live colour, or the named one, has written')
    .option('-n, --lines <lines>', 'how many lines at most', readCount, 50)
    .option('-f, --follow', 'go on until Ctrl-C')
    .action(
      async (colour: string | undefined, { lines, follow = false }: { lines: number; follow?: boolean }) =>
        print(await logs(await open(), { colour, lines, follow }), (found) => found.lines.join('\n')),
    );
  program
    .command('doctor')
    .description('everything that would keep a deploy from working, all at once')
    .action(async () => print(await doctor(open), renderChecks));
  program
    .command('completion <shell>')
    .description('a script that completes the words of these commands: bash or zsh')
    .action((shell: string) => print(completion(program, shell), (script) => script));
  program
    .command('unlock')
    .description('who holds the lock, and what can be done')
    .action(async () => print(await unlock(await open()), renderLock));
}

function readCount(text: string): number {
  if (/^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
}
