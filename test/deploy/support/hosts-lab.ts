import { once } from 'node:events';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  SSH_OPTIONS,
  hostSettings,
  makeMachines,
  startSshd,
  type Machine,
} from '../../../scripts/bench/hosts/machines.mjs';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { Lab, type Ended } from './lab';

const NAMES = ['a', 'b', 'c'] as const;

export type Name = (typeof NAMES)[number];

/** What the receipt of a run over hosts has of each. */
export type HostRun = Readonly<{
  host: string;
  outcome: string;
  exitCode: number | null;
  migrations: string[];
}>;

/**
 * Three machines, as far as a deployer can tell: each is reached by a real sshd of its own and has its own folders, nginx
 * and processes. They share this machine, so that the whole takes a second to make.
 */
export class HostsLab {
  private constructor(
    /** the coordinating machine */
    readonly lab: Lab,
    readonly machines: readonly Machine[],
  ) {}

  static async open(changes: Readonly<Record<string, unknown>> = {}): Promise<HostsLab> {
    const lab = await Lab.open();
    const hosts = new HostsLab(lab, await makeMachines(lab.dir, NAMES));
    await hosts.configure(changes);
    return hosts;
  }

  /** @param changes whole sections of deploy.yml; `hosts` keeps only these of the three */
  async configure(changes: Readonly<Record<string, unknown>> = {}): Promise<void> {
    const { only = NAMES, ...sections } = changes as { only?: readonly Name[] };
    const ssh = { options: SSH_OPTIONS, ...(sections as { ssh?: object }).ssh };
    await this.lab.configure({
      stateDir: join(this.lab.dir, 'coordinator'),
      service: { entry: 'app/service.mjs', migrate: null },
      ...sections,
      ssh,
      hosts: this.machines.filter(({ name }) => only.includes(name as Name)).map(hostSettings),
    });
  }

  /** Makes a release that can be sent. */
  async release(id: string): Promise<void> {
    const app = join(this.lab.dir, 'releases', id, 'app');
    await cp(join(ROOT, 'test/support/deploy-fixture'), app, { recursive: true });
  }

  /** Deploys a release that is made for it. */
  async deploy(id: string): Promise<Ended> {
    await this.release(id);
    return this.lab.run(['deploy', id, '--json']);
  }

  /** What the service on a host does wrong from its next start on. */
  async misbehave(name: Name, fixture: string): Promise<void> {
    await writeFile(join(this.lab.dir, name, 'environment'), `FIXTURE=${fixture}\n`);
  }

  /** @returns the release that people meet on each host; null: nobody answers */
  async served(): Promise<readonly (string | null)[]> {
    return Promise.all(
      this.machines.map(({ sitePort }) =>
        fetch(`http://127.0.0.1:${sitePort}/api/v2/time`).then(
          (answer) => answer.headers.get('x-release'),
          () => null,
        ),
      ),
    );
  }

  async history(name: Name | 'coordinator'): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const text = await readFile(join(this.lab.dir, name, 'history.jsonl'), 'utf8');
    return text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  }

  machine(name: Name): Machine {
    const machine = this.machines.find((one) => one.name === name);
    if (!machine) throw new Error(`there is no machine ${name}`);
    return machine;
  }

  /** Cuts all connections to a host and lets none in, until `plugIn`. */
  async unplug(name: Name): Promise<void> {
    const { sshd } = this.machine(name);
    await endSessions(sshd.pid ?? 0);
    sshd.kill('SIGKILL');
    await once(sshd, 'exit');
  }

  async plugIn(name: Name): Promise<void> {
    const machine = this.machine(name);
    machine.sshd = await startSshd(machine.dir, machine.sshPort);
  }

  /** Kills the process that serves each connection to a host, and leaves the listening one. */
  async dropConnections(name: Name): Promise<void> {
    await endSessions(this.machine(name).sshd.pid ?? 0);
  }

  async close(): Promise<void> {
    await this.configure({ nginx: {} });
    const { code, err } = await this.lab.run(['down']);
    for (const { sshd } of this.machines) sshd.kill('SIGTERM');
    if (code !== 0) throw new Error(`the hosts cannot be cleared away: ${err}`);
    await this.lab.close();
  }
}

/** Those that sshd has started for its connections; what was started in them and left the session stays. */
async function endSessions(sshd: number): Promise<void> {
  const children = await readFile(`/proc/${sshd}/task/${sshd}/children`, 'utf8').catch(() => '');
  for (const pid of children.trim().split(' ').filter(Boolean).map(Number)) process.kill(pid, 'SIGKILL');
}
