import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitFor } from '../../../scripts/lib/wait.mjs';
import { childrenOf, start, type Program } from './programs';
import { rootfs } from './rootfs';
import { System } from './nspawn-system';

const BRIDGE = 'labbr';
const NETWORK = '10.77.0';

/**
 * What all systems of the lab live in: namespaces of their own for mounts, network and processes. They end with this
 * process, whatever kills it, and nothing of them is left on the machine: no mount, no interface, no process.
 */
const HOLD = `
mkdir -p /run/netns && mount -t tmpfs tmpfs /run/netns || exit 1
ip link set lo up
ip link add ${BRIDGE} type bridge && ip addr add ${NETWORK}.254/24 dev ${BRIDGE} && ip link set ${BRIDGE} up || exit 1
echo ready
while :; do sleep 3600; done
`;

/** With a systemd on this machine a unit of our own is needed, below which others may be made. */
const UNLESS_SCOPED =
  'if [ -d /run/systemd/system ]; then exec systemd-run --scope --quiet -p Delegate=yes -- "$@"; fi; exec "$@"';

type BootOptions = Readonly<{
  /** whether its disk is there instead of on this machine's */
  inMemory?: boolean;
  /** whether it has the node of this machine, as /usr/bin/node */
  withNode?: boolean;
}>;

/** One or more real machines, as far as a program can tell: each with its own systemd, network, processes and disk. */
export class NspawnLab {
  private readonly systems: System[] = [];

  private constructor(
    readonly dir: string,
    private readonly base: string,
    private readonly holder: Program,
    /** the process that has the namespaces of the lab */
    private readonly pid: number,
  ) {}

  static async open(): Promise<NspawnLab> {
    const base = await rootfs();
    const dir = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'n-'));
    const unshare = ['unshare', '--mount', '--net', '--pid', '--fork', '--kill-child=KILL', '--mount-proc'];
    const guarded = ['setpriv', '--pdeathsig', 'KILL', ...unshare, 'sh', '-c', HOLD];
    const holder = start(['sh', '-c', UNLESS_SCOPED, 'sh', ...guarded]);
    const failed = holder.ended.then(({ err }) => Promise.reject(new Error(`no lab: ${err}`)));
    const isReady = () => holder.output().includes('ready');
    await Promise.race([waitFor(isReady, { timeoutMs: 10_000, what: 'the namespaces of the lab' }), failed]);
    failed.catch(() => undefined);
    const [pid = 0] = await childrenOf(holder.child.pid ?? 0);
    return new NspawnLab(dir, base, holder, pid);
  }

  /** Words that make a program run in the network of the lab, with the files of this machine. */
  inNetwork(words: readonly string[]): readonly string[] {
    return ['nsenter', '-t', String(this.pid), '-n', '--', ...words];
  }

  /**
   * Makes a system and boots it.
   *
   * @param name its host name, too
   * @param binds folders of this machine that it may read, as `from:to`
   */
  async boot(name: string, binds: readonly string[] = [], options: BootOptions = {}): Promise<System> {
    const { inMemory = false, withNode = true } = options;
    const address = `${NETWORK}.${this.systems.length + 1}`;
    const system = await System.make({
      name,
      address,
      base: this.base,
      dir: join(this.dir, name),
      holder: this.pid,
      bridge: BRIDGE,
      inMemory,
      binds: [...(withNode ? [`${process.execPath}:/usr/bin/node`] : []), ...binds],
    });
    this.systems.push(system);
    const hosts = this.systems.map((one) => `${one.address} ${one.name}\n`).join('');
    for (const one of this.systems) await one.write('/etc/hosts', `127.0.0.1 localhost\n${hosts}`);
    await system.powerOn();
    return system;
  }

  /** Takes all of it off the machine. */
  async close(): Promise<void> {
    this.holder.child.kill('SIGKILL');
    await this.holder.ended;
    await Promise.all(this.systems.map((one) => one.forget()));
    await rm(this.dir, { recursive: true, force: true });
  }
}
