import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readFile, readdir, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { waitFor } from '../../../scripts/lib/wait.mjs';
import { isErrno } from '../../../apps/deploy/src/shell/files';
import { childrenOf, findBelow, mustSucceed, start, type Ended, type Program } from './programs';

type Options = Readonly<{ input?: string; env?: Readonly<Record<string, string>> }>;

type Parts = Readonly<{
  name: string;
  address: string;
  base: string;
  dir: string;
  holder: number;
  bridge: string;
  binds: readonly string[];
  /** its disk is in memory, and ends with the lab: for tens of thousands of files */
  inMemory: boolean;
}>;

const BOOT_MS = 60_000;

/** Its own network, wired to the bridge of the lab, and its own changes over the base that all share. */
const WIRE = `
set -e
[ "$MEMORY" = no ] || mount -t tmpfs tmpfs "$DIR/changes"
mkdir -p "$DIR/changes/upper" "$DIR/changes/work"
mount -t overlay overlay -o "lowerdir=$BASE,upperdir=$DIR/changes/upper,workdir=$DIR/changes/work" "$DIR/root" ||
  { cp -a --reflink=auto "$BASE/." "$DIR/root"; }
ip netns add "$NAME"
ip link add "v-$NAME" type veth peer name host0 netns "$NAME"
ip link set "v-$NAME" master "$BRIDGE" up
ip -n "$NAME" link set lo up
ip -n "$NAME" addr add "$ADDRESS/24" dev host0
ip -n "$NAME" link set host0 up
`;

/** In a control group of its own: systems that shared one would take each other's processes for theirs. 133: a reboot. */
const BOOT = `
for tree in /sys/fs/cgroup /sys/fs/cgroup/systemd /sys/fs/cgroup/unified; do
  [ -f "$tree/cgroup.procs" ] || continue
  own=$(sed -n -e 's/^0:://p' -e 's/^[0-9]*:name=systemd://p' /proc/1/cgroup | head -n 1)
  case $tree in /sys/fs/cgroup) group="$tree$own/$GROUP" ;; *) group="$tree/$GROUP" ;; esac
  mkdir -p "$group" && echo $$ >"$group/cgroup.procs" && echo "$group" >>"$DIR/groups"
done
while :; do
  systemd-nspawn -q -D "$DIR/root" --machine="$NAME" --register=no --keep-unit -b --link-journal=no \\
    --network-namespace-path="/run/netns/$NAME" "$@"
  [ $? = 133 ] || exit
done
`;

/** A booted system. It is a real one: systemd is its first process, `/run` is empty after a boot, sshd and nginx run. */
export class System {
  private machine: Program | null = null;
  private readonly programs = new Set<Program>();

  private constructor(private readonly parts: Parts) {}

  static async make(parts: Parts): Promise<System> {
    const system = new System(parts);
    for (const name of ['changes', 'root']) await mkdir(join(parts.dir, name), { recursive: true });
    mustSucceed(await system.inLab(['sh', '-c', WIRE]).ended, `the wiring of ${parts.name}`);
    await system.write('/etc/hostname', `${parts.name}\n`);
    await system.write('/etc/machine-id', `${randomBytes(16).toString('hex')}\n`);
    return system;
  }

  get name(): string {
    return this.parts.name;
  }

  /** In the network of the lab. */
  get address(): string {
    return this.parts.address;
  }

  /** How this process reaches a file of the system's disk, also while it is off. Not what is mounted there, as `/run`. */
  path(inside: string): string {
    return join(`/proc/${this.parts.holder}/root`, this.parts.dir, 'root', inside);
  }

  /** How this process reaches any file of the running system, sockets too. */
  async livePath(inside: string): Promise<string> {
    return join(`/proc/${await this.leader()}/root`, inside);
  }

  async write(inside: string, text: string, mode = 0o644): Promise<void> {
    const path = this.path(inside);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    await chmod(path, mode);
  }

  /** Starts a program in the running system. */
  async start(words: readonly string[], { input, env = {} }: Options = {}): Promise<Program> {
    const into = ['nsenter', '-t', String(await this.leader()), '-m', '-u', '-i', '-n', '-p', '-C', '--'];
    const program = start([...into, ...words], { input, env });
    this.programs.add(program);
    void program.ended.then(() => this.programs.delete(program));
    return program;
  }

  async run(words: readonly string[], options?: Options): Promise<Ended> {
    return (await this.start(words, options)).ended;
  }

  /** Runs a program that must succeed. @returns what it wrote */
  async must(words: readonly string[], options?: Options): Promise<string> {
    return mustSucceed(await this.run(words, options), `${this.name}: ${words.join(' ')}`);
  }

  /** Boots it and waits until everything that is to be started has been. */
  async powerOn(): Promise<void> {
    const binds = this.parts.binds.map((bind) => `--bind-ro=${bind}`);
    this.machine = this.inLab(['sh', '-c', BOOT, 'sh', ...binds]);
    await this.booted();
  }

  /** As when the plug is pulled: everything in it is gone at once. */
  async powerLoss(): Promise<void> {
    const leader = await this.leader();
    process.kill(leader, 'SIGKILL');
    this.letEnd();
    await this.machine?.ended;
    this.machine = null;
  }

  /** `systemctl reboot`, until it is up again. */
  async reboot(): Promise<void> {
    const before = await this.leader();
    await this.start(['systemctl', 'reboot']);
    const isAnother = async () => {
      this.letEnd();
      return (await this.leader().catch(() => before)) !== before;
    };
    await waitFor(isAnother, { timeoutMs: BOOT_MS, everyMs: 50, what: `${this.name} to boot again` });
    await this.booted();
  }

  /** Pulls its network cable, or puts it in again. */
  async plug(isIn: boolean): Promise<void> {
    const words = ['ip', 'link', 'set', `v-${this.name}`, isIn ? 'up' : 'down'];
    mustSucceed(await this.inLab(words).ended, words.join(' '));
  }

  /** What its console showed. */
  console(): string {
    return this.machine?.output() ?? '';
  }

  /** When everything in it has ended, which takes the kernel a moment, its control groups go, too. */
  async forget(): Promise<void> {
    this.letEnd();
    const noted = await readFile(join(this.parts.dir, 'groups'), 'utf8').catch(() => '');
    for (const group of new Set(noted.split('\n').filter(Boolean))) {
      const isGone = () => isGroupRemoved(group);
      await waitFor(isGone, { timeoutMs: 10_000, what: `the processes of ${this.name} to end` });
    }
  }

  /**
   * A system that goes down stops every process before it kills them. nsenter stops itself when its child was stopped,
   * and would never tell of its end.
   */
  private letEnd(): void {
    for (const { child } of this.programs) child.kill('SIGCONT');
  }

  private async booted(): Promise<void> {
    const isUp = async () => {
      const { out } = await this.run(['systemctl', 'is-system-running']);
      return ['running', 'degraded'].includes(out.trim());
    };
    const isUpYet = () => isUp().catch(() => false);
    await waitFor(isUpYet, {
      timeoutMs: BOOT_MS,
      everyMs: 50,
      what: `${this.name} to boot:\n${this.console()}`,
    });
  }

  /** @returns its first process, as this machine numbers it */
  private async leader(): Promise<number> {
    const nspawn = await findBelow(this.machine?.child.pid ?? 0, 'systemd-nspawn');
    const [first] = nspawn === null ? [] : await childrenOf(nspawn);
    if (first === undefined) throw new Error(`${this.name} does not run`);
    return first;
  }

  private inLab(words: readonly string[]): Program {
    const { name, address, base, dir, holder, bridge, inMemory } = this.parts;
    const env = {
      NAME: name,
      ADDRESS: address,
      BASE: base,
      DIR: dir,
      BRIDGE: bridge,
      MEMORY: inMemory ? 'yes' : 'no',
      GROUP: `haru-${name}-${holder}`,
    };
    return start(['nsenter', '-t', String(holder), '-m', '-n', '-p', '--', ...words], { env });
  }
}

/** A control group can be removed as soon as its processes have ended; the files in it are the kernel's. */
async function isGroupRemoved(group: string): Promise<boolean> {
  const entries = await readdir(group, { withFileTypes: true }).catch(() => []);
  for (const entry of entries) if (entry.isDirectory()) await isGroupRemoved(join(group, entry.name));
  return rmdir(group).then(
    () => true,
    (error: unknown) => isErrno(error, 'ENOENT'),
  );
}
