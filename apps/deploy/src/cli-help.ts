import type { Command } from 'commander';

/** What the tool's own `--help` adds. */
export const EXIT_CODES = `
Exit codes: 0 done; 1 a bug; 2 wrong usage; 3 another deploy is under way; 4 the new release is
unhealthy and what served before still serves; 5 needs a human.

  npm run deploy -- deploy r42     make release r42 live (its folder, its tarball, or else the build)
  npm run deploy -- status         what serves, and what is wrong
  npm run deploy -- rollback       back to the release before
  npm run deploy -- doctor         what would keep a deploy from working
  npm run deploy -- history        what was deployed, by whom, how it ended

  npm run deploy -- <command> --help   examples and exit codes of one command
`;

/** What a command's `--help` adds: when it is used, by example, and how it ends. */
const LESSONS: Readonly<Record<string, string>> = {
  deploy: `
Starts the release on the idle colour, proves that it is healthy and who it is, moves the traffic, watches, and lets the
old colour go. Whatever goes wrong, what served before serves again.

  npm run deploy -- deploy r42             releases/r42, or releases/r42.tar.gz, or else the current build
  npm run deploy -- deploy r42 --from /tmp/r42.tar.gz --digest 9f2c…   a tarball of npm run release, and no other
  npm run deploy -- deploy r41 --older     also when it is older than the live release
  npm run deploy -- deploy r42 --dry-run   only show the steps
  npm run deploy -- deploy r42 --json      for pipelines: .result.probe.failed is what people lost

A release that is not fit for this machine (damaged, another digest, another Node, no room on the disk, a variable or a
secret missing) is refused before anything is changed. With \`hosts\` in deploy.yml: on all of them, or on none; --json has each
in .result.hosts.

Exit codes: 0 live; 2 no such release, an older one, or other code under a known id; 3 another deploy is under way; 4 the
release was refused and what served before serves; 5 needs a human.`,
  plan: `
  npm run deploy -- plan r42   the very steps that \`deploy r42\` would run now

Exit codes: 0; 2 no such release; 4 it would be refused; 5 so, and a human is needed: contract migrations have made it too old.`,
  status: `
Goes by what really answers; where the recorded state differs, it says \`drift\`.

  npm run deploy -- status
  npm run deploy -- status --host one   of several hosts, this one

Of several hosts: what each serves, \`mixed versions\`, who is behind, and the skew of the last switch.

Exit codes: 0, also when nothing serves; 5 the state cannot be read.`,
  rollback: `
To the release that served before, without typing its id. Migrations stay; a release that contract migrations have made
too old is refused. With stop.keepOld it takes no start.

  npm run deploy -- rollback
  npm run deploy -- rollback --to r41   nothing is done where r41 is live; another release is refused

Exit codes: 0 live; 2 there is none, or it is another; 3 locked; 4 refused, the live one goes on; 5 its code is gone or has changed, or it
cannot run any more.`,
  contract: `
Runs the contract migrations of the live release: they take away columns and tables that only older releases needed. Older
releases cannot run any more afterwards, and rollback to them is refused. It waits until no process of another release runs
and migrations.rollbackWindowMs are over. One that was interrupted is simply run again.

  npm run deploy -- status                     which are pending, and until when the way back is open
  npm run deploy -- contract
  npm run deploy -- contract --close-window    the way back is given up now

Exit codes: 0 done, or none is pending; 2 another release still runs, or the way back is open; 3 locked; 5 it failed half
way, or it is not known what belongs to the live release. The live release serves in any case.`,
  settle: `
Every command that changes something does this first; by itself it is for the end of a pipeline's job, which may have been
cancelled at any step. What was verified is finished, everything else is undone.

  npm run deploy -- settle

Exit codes: 0 nothing is under way any more; 3 another command works; 5 it can be neither finished nor undone.`,
  switch: `
For a pair of which both run (stop.keepOld). The colour that the traffic leaves stays warm.

  npm run deploy -- switch

Exit codes: 0 done; 2 nothing runs there; 3 locked; 4 it is not healthy, and the live one goes on; 5 contract migrations have
made it too old, or an earlier run can be neither finished nor undone.`,
  preview: `
Starts a release on the idle colour, proves it healthy, and shows it to a few through the real site: whoever opens the printed
address once (a signed cookie) or sends the token as a header, and if wished a share of people, each always on the same side.
Needs nginx.preview in the settings. \`switch\`, or \`deploy\` of the same release, makes it live without another start.

  npm run deploy -- preview r42                start it, and print how it is seen
  npm run deploy -- preview r42 --percent 5    and let 5 % of people meet it
  npm run deploy -- preview --percent 20       more of them; 0: nobody without a token
  npm run deploy -- preview                    a new token for the one that is there
  npm run deploy -- preview --end              stop it

Exit codes: 0; 2 nothing is previewed, or the settings know no preview; 3 locked; 4 the release is not healthy; 5 contract
migrations have made it too old, or an earlier run can be neither finished nor undone.`,
  drain: `
Has it let its websockets go (drain.socketsPerS), waits until no request and no socket is left, and stops it.

  npm run deploy -- drain green

Exit codes: 0 stopped, or nothing ran; 2 it has the traffic; 3 locked; 5 an earlier run can be neither finished nor undone.`,
  standby: `
One more process, or host, that is normally off: brought up with the release that serves, proven healthy, added to the pool;
taken out of it, drained and stopped. A deploy takes it along. Needs standby in the settings.

  npm run deploy -- standby start
  npm run deploy -- standby status
  npm run deploy -- standby stop
  npm run deploy -- standby listen   for Alertmanager: an alert that fires starts it, its end stops it

Exit codes: 0; 2 no standby in the settings, or nothing serves; 3 locked; 4 it is not healthy, and is out of the pool; 5 an
earlier run can be neither finished nor undone.`,
  maintenance: `
People get 503 with Retry-After, at once and across restarts of nginx; health checks and deploys go on.

  npm run deploy -- maintenance on
  npm run deploy -- maintenance off

Exit codes: 0 done; 2 neither on nor off; 5 nginx lets people in all the same.`,
  doctor: `
Programs, rights, port, disk, releases, database, clock, settings: all problems at once, each with what to do.

  npm run deploy -- doctor

Exit codes: 0 a deploy can work; 5 it cannot.`,
  history: `
  npm run deploy -- history -n 5
  npm run deploy -- history --json   the receipts: steps, durations, requests lost

Exit codes: 0.`,
  logs: `
  npm run deploy -- logs               the live colour
  npm run deploy -- logs green -n 200
  npm run deploy -- logs --follow
  npm run deploy -- logs --host one    of several hosts, this one

Exit codes: 0; 2 nothing runs there.`,
  unlock: `
The lock ends with its holder, so nothing has to be taken away; this says who holds it and how to go on.

  npm run deploy -- unlock

Exit codes: 0.`,
  down: `
For a site on a machine of your own (nginx.manage: true).

  npm run deploy -- down

Exit codes: 0; 2 nginx belongs to somebody else; 3 locked; 5 something cannot be stopped.`,
  install: `
Units for both colours, for what a boot does, and for nginx; the user of the service; the run folder. systemd checks them
before they are written. Run it again whenever doctor says so.

  npm run deploy -- install --dry-run   only show the files
  npm run deploy -- install

Exit codes: 0 written, or nothing to write; 2 another driver, or not root; 5 systemd refuses a unit.`,
  boot: `
The unit <unit>-boot.service runs it, before nginx. /run is empty after a boot: this puts back the live link and starts
the live colour, that one alone. What a deploy had under way is left to the next command.

  npm run deploy -- boot

Exit codes: 0 live again, or nothing was; 3 locked; 4 started, and not ready in time; 5 it cannot be started.`,
  nginx: `
  npm run --silent deploy -- nginx > haru.conf   to install it yourself (nginx.manage: false)

Exit codes: 0; 5 there is no nginx.`,
  completion: `
  alias haru-deploy='npm run --silent deploy --'
  source <(haru-deploy completion bash)

Exit codes: 0; 2 another shell.`,
};

/** @throws Error for a command that nobody has written a lesson for */
export function teach(program: Command): void {
  for (const command of program.commands) {
    const lesson = LESSONS[command.name()];
    if (lesson === undefined) throw new Error(`--help of ${command.name()} teaches nothing`);
    command.addHelpText('after', lesson);
  }
}
