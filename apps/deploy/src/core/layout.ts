import { SLOTS, type Placed, type Slot } from './colour';
import { LIVE_LINK, MAX_SOCKET_PATH_BYTES, socketName } from './names';

/** Where everything is. All paths are absolute. */
export type Layout = Readonly<{
  projectDir: string;
  stateDir: string;
  runDir: string;
  releasesDir: string;
  lockFile: string;
  stateFile: string;
  journalFile: string;
  historyFile: string;
  logDir: string;
  /** what a supervisor is told of each slot */
  slotsDir: string;
  nginxDir: string;
  nginxConf: string;
  accessLog: string;
  errorLog: string;
  liveInclude: string;
  liveLink: string;
  innerSocket: string;
  siteSocket: string;
  developSocket: string;
  maintenanceFile: string;
  previewLink: string;
  shareDir: string;
  previewSecret: string;
  standbyPoolFile: string;
  standbyWish: string;
}>;

/** The four folders that everything else is derived from. */
export type Folders = Pick<Layout, 'projectDir' | 'stateDir' | 'runDir' | 'releasesDir'>;

export function layoutOf(folders: Folders): Layout {
  const { stateDir, runDir } = folders;
  return {
    ...folders,
    lockFile: `${stateDir}/lock`,
    stateFile: `${stateDir}/state.json`,
    journalFile: `${stateDir}/journal.jsonl`,
    historyFile: `${stateDir}/history.jsonl`,
    logDir: `${stateDir}/log`,
    slotsDir: `${stateDir}/slots`,
    nginxDir: `${stateDir}/nginx`,
    nginxConf: `${stateDir}/nginx/nginx.conf`,
    accessLog: `${stateDir}/nginx/access.log`,
    errorLog: `${stateDir}/nginx/error.log`,
    liveInclude: `${stateDir}/nginx/upstream-live.conf`,
    liveLink: `${runDir}/${LIVE_LINK}`,
    innerSocket: `${runDir}/nginx.sock`,
    siteSocket: `${runDir}/site.sock`,
    developSocket: `${runDir}/develop-site.sock`,
    maintenanceFile: `${stateDir}/maintenance`,
    previewLink: `${runDir}/preview.sock`,
    shareDir: `${runDir}/share`,
    previewSecret: `${stateDir}/preview-secret`,
    standbyPoolFile: `${runDir}/standby-in-pool`,
    standbyWish: `${stateDir}/standby`,
  };
}

export function socketPath({ runDir }: Layout, target: Placed): string {
  return `${runDir}/${socketName(target)}`;
}

/** A link to the socket of a colour, whichever release it runs. */
export function colourLink({ runDir }: Layout, colour: Slot): string {
  return `${runDir}/${colour}.sock`;
}

export function pidFile({ runDir }: Layout, colour: Slot): string {
  return `${runDir}/${colour}.pid`;
}

export function logFile({ logDir }: Layout, { colour, release }: Placed): string {
  return `${logDir}/${colour}-${release}.log`;
}

/** The longest name that will ever be listened on below a run folder. */
const LONGEST_SOCKET = Math.max(
  ...SLOTS.map((colour) => socketName({ colour, release: 'x'.repeat(64) }).length),
);

/** Whether the sockets of a run folder fit an address. Longer ones are cut silently: nobody would find them. */
export function fitsSockets(runDir: string): boolean {
  return new TextEncoder().encode(runDir).length + 1 + LONGEST_SOCKET <= MAX_SOCKET_PATH_BYTES;
}

/** What is wrong with the folders; empty when nothing is. */
export function layoutProblems(folders: Folders): readonly string[] {
  const tooLong = fitsSockets(folders.runDir)
    ? []
    : [`runDir: ${folders.runDir} is too long: a socket in it would exceed ${MAX_SOCKET_PATH_BYTES} bytes`];
  const unquotable = Object.entries(folders)
    .filter(([, path]) => /["$\\\n]/.test(path))
    .map(([name, path]) => `${name}: ${path} must be free of quotes, dollar signs and backslashes`);
  return [...tooLong, ...unquotable];
}
