import type { SystemdSettings } from './driver-settings';
import type { Layout } from './layout';

/** A file that the tool writes for systemd. */
export type SystemFile = Readonly<{ path: string; text: string }>;

/** All that the files are made of. Paths are absolute. */
export type UnitsInput = Readonly<{
  driver: SystemdSettings;
  layout: Pick<
    Layout,
    | 'projectDir'
    | 'stateDir'
    | 'runDir'
    | 'nginxDir'
    | 'nginxConf'
    | 'innerSocket'
    | 'siteSocket'
    | 'developSocket'
    | 'slotsDir'
  >;
  /** words of a shell-free command line that run a command of this tool, such as `/usr/bin/node main.js --config x` */
  deployer: readonly string[];
  /** this tool runs nginx (`nginx.manage`), or the distribution's `nginx.service` does */
  ownNginx: boolean;
  /** path of the program */
  nginx: string;
  healthMs: number;
  stopMs: number;
}>;

const HEAD = '# Written by `npm run deploy -- install`. Changes by hand are lost.';

/** Servers of the same machine that a service is likely to need. Those that are not there are not waited for. */
const NEEDED = ['network.target', 'mariadb.service', 'mysql.service', 'redis-server.service'];

/** So long a machine may take to start the deployer itself, beside the wait for a healthy service. */
const BOOT_GRACE_S = 60;
/** What nginx has under way may finish. */
const NGINX_STOP_S = 10;

/** Takes from the service what it never needs. Node makes machine code as it runs: no MemoryDenyWriteExecute. */
const HARDENING = [
  'NoNewPrivileges=yes',
  'CapabilityBoundingSet=',
  'PrivateTmp=yes',
  'PrivateDevices=yes',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ProtectControlGroups=yes',
  'ProtectKernelModules=yes',
  'ProtectKernelTunables=yes',
  'ProtectKernelLogs=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
  'RestrictNamespaces=yes',
  'RestrictRealtime=yes',
  'RestrictSUIDSGID=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
];

/**
 * The files that make systemd the supervisor of the colours and of nginx. No unit owns the run folder: one that did
 * would delete it, the live link in it, as soon as the old colour stops. It belongs to tmpfiles.d.
 */
export function renderUnits(input: UnitsInput): readonly SystemFile[] {
  const { unit, user, group } = input.driver;
  const { runDir } = input.layout;
  const units = '/etc/systemd/system';
  return [
    file(`/etc/sysusers.d/${unit}.conf`, [`u ${user} - "The service behind ${unit}@.service"`]),
    file(`/etc/tmpfiles.d/${unit}.conf`, [`d ${runDir} 2750 ${user} ${group} -`]),
    file(`${units}/${unit}@.service`, colourUnit(input)),
    file(`${units}/${unit}-boot.service`, bootUnit(input)),
    input.ownNginx
      ? file(`${units}/${unit}-nginx.service`, nginxUnit(input))
      : file(`${units}/nginx.service.d/${unit}.conf`, nginxDropIn(input)),
  ];
}

/** The units that a boot starts. */
export function enabledUnits({
  driver,
  ownNginx,
}: Pick<UnitsInput, 'driver' | 'ownNginx'>): readonly string[] {
  return [`${driver.unit}-boot.service`, nginxUnitOf({ driver, ownNginx })];
}

/** The unit that runs nginx. */
export function nginxUnitOf({ driver, ownNginx }: Pick<UnitsInput, 'driver' | 'ownNginx'>): string {
  return ownNginx ? `${driver.unit}-nginx.service` : 'nginx.service';
}

/** @returns names that systemd would read as something else; empty when it can be told of all */
export function unitProblems({ layout, deployer, driver, nginx }: UnitsInput): readonly string[] {
  const { projectDir, stateDir, runDir } = layout;
  const words = [projectDir, stateDir, runDir, ...deployer, driver.environmentFile ?? '', nginx];
  return words
    .filter((word) => /[\s%;'"\\$]/.test(word))
    .map((word) => `${word}: blanks, quotes, %, ; and $ mean something in a unit`);
}

function file(path: string, lines: readonly string[]): SystemFile {
  return { path, text: `${[HEAD, ...lines].join('\n')}\n` };
}

/**
 * One slot. What differs between releases (code, node, socket) is beside it, so that a deploy needs no daemon-reload.
 * Started again without a limit: a service whose database was away for an hour is back without anybody's help, and a
 * release that is being deployed is given up at its first end.
 */
function colourUnit({ driver, layout, stopMs }: UnitsInput): readonly string[] {
  const { user, group, environmentFile } = driver;
  return [
    '[Unit]',
    'Description=%p, %i: a release that the deploy tool has started',
    `After=${NEEDED.join(' ')}`,
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `User=${user}`,
    `Group=${group}`,
    'UMask=0007',
    `WorkingDirectory=${layout.slotsDir}/%i.home`,
    ...(environmentFile === null ? [] : [`EnvironmentFile=${environmentFile}`]),
    `EnvironmentFile=${layout.slotsDir}/%i.env`,
    'ExecStart=/usr/bin/env ${NODE} ${ENTRY}',
    'KillMode=mixed',
    `TimeoutStopSec=${stopMs}ms`,
    'Restart=always',
    'RestartSec=500ms',
    'LimitNOFILE=65536',
    `ReadWritePaths=${layout.runDir}`,
    ...HARDENING,
  ];
}

function bootUnit({ driver, layout, deployer, ownNginx, healthMs }: UnitsInput): readonly string[] {
  return [
    '[Unit]',
    `Description=${driver.unit}: what was live before the boot is live again`,
    `After=local-fs.target systemd-tmpfiles-setup.service ${NEEDED.join(' ')}`,
    `Before=${nginxUnitOf({ driver, ownNginx })}`,
    `RequiresMountsFor=${layout.projectDir} ${layout.stateDir}`,
    '',
    '[Service]',
    'Type=oneshot',
    'RemainAfterExit=yes',
    `WorkingDirectory=${layout.projectDir}`,
    `ExecStart=${[...deployer, 'boot'].join(' ')}`,
    `TimeoutStartSec=${Math.ceil(healthMs / 1_000) + BOOT_GRACE_S}s`,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
}

function nginxUnit(input: UnitsInput): readonly string[] {
  const { driver, layout, nginx } = input;
  const command = `${nginx} -p ${layout.nginxDir} -c ${layout.nginxConf} -e ${layout.nginxDir}/error.log`;
  return [
    '[Unit]',
    `Description=${driver.unit}: nginx as the deploy tool configures it`,
    `After=network-online.target ${driver.unit}-boot.service`,
    'Wants=network-online.target',
    // Before the first deploy there is none.
    `ConditionPathExists=${layout.nginxConf}`,
    'StartLimitIntervalSec=0',
    '',
    ...nginxService(input, command),
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ];
}

/** For the unit of the distribution, whose nginx has the printed configuration as its own. */
function nginxDropIn(input: UnitsInput): readonly string[] {
  const { driver, nginx } = input;
  return [
    '[Unit]',
    `After=${driver.unit}-boot.service`,
    'StartLimitIntervalSec=0',
    '',
    ...nginxService(input, nginx),
  ];
}

/**
 * In the foreground, so that no pid file of an earlier life can be taken for it. A killed nginx leaves the names of its
 * sockets behind, and would not start where one is. Empty values take away what the distribution's unit has said.
 */
function nginxService({ layout }: UnitsInput, command: string): readonly string[] {
  const { innerSocket, siteSocket, developSocket } = layout;
  return [
    '[Service]',
    'Type=exec',
    'PIDFile=',
    'ExecStartPre=',
    `ExecStartPre=/bin/rm -f ${innerSocket} ${siteSocket} ${developSocket}`,
    'ExecStart=',
    `ExecStart=${command} -g "daemon off;"`,
    'ExecReload=',
    'ExecReload=/bin/kill -HUP $MAINPID',
    'ExecStop=',
    'KillSignal=SIGQUIT',
    'KillMode=mixed',
    `TimeoutStopSec=${NGINX_STOP_S}s`,
    'Restart=always',
    'RestartSec=200ms',
  ];
}
