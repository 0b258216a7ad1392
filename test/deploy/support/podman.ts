import { cp, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ROOT } from '../../../scripts/lib/paths.mjs';
import { output } from './programs';

const BASE = 'localhost/haru-base:1';
/** What a machine without an init of its own, and inside of another container, asks for. */
const HERE = ['--cgroup-manager', 'cgroupfs', '--runtime', 'runc', '--storage-driver', 'vfs'];
const LIMITS = ['--ulimit', 'nofile=4096:4096', '--ulimit', 'nproc=4096:4096'];

/** A podman with a store of its own, and images of the fixture service made by the repository's own Containerfile. */
export class Podman {
  private constructor(readonly dir: string) {}

  /** Imports a base: no registry can be reached. It holds a node, what that is linked with, and nothing else. */
  static async open(): Promise<Podman> {
    const podman = new Podman(await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'p-')));
    const base = join(podman.dir, 'base');
    await mkdir(join(base, 'usr/local/bin'), { recursive: true });
    await mkdir(join(base, 'tmp'));
    await copyFile(process.execPath, join(base, 'usr/local/bin/node'));
    const linked = await output(['ldd', process.execPath]);
    for (const library of new Set(linked.match(/\/\S+/g))) {
      await mkdir(dirname(join(base, library)), { recursive: true });
      await copyFile(library, join(base, library));
    }
    const archive = join(podman.dir, 'base.tar');
    await output(['tar', '-C', base, '-cf', archive, '.']);
    await podman.run('import', archive, BASE);
    return podman;
  }

  /** The words that the deployer is told to call it by. */
  get command(): readonly string[] {
    return ['podman', '--root', `${this.dir}/store`, '--runroot', `${this.dir}/run`, ...HERE];
  }

  /** Settings of the driver; the service gets the variables of the file. */
  driver(environmentFile: string): object {
    const { command } = this;
    return {
      kind: 'container',
      command,
      image: 'localhost/fixture',
      name: 'lab',
      options: LIMITS,
      environmentFile,
    };
  }

  run(...words: readonly string[]): Promise<string> {
    return output([...this.command, ...words]);
  }

  /** Builds an image of the fixture service, as an operator builds one of the real release. */
  async build(release: string, more: Readonly<Record<string, string>> = {}): Promise<void> {
    const context = join(this.dir, `context-${release}`);
    const home = join(context, 'dist/apps/api/src');
    await cp(join(ROOT, 'test/support/deploy-fixture'), home, { recursive: true });
    await writeFile(join(context, 'package.json'), '{"type": "module"}');
    await writeFile(join(home, 'main.js'), `import './service.mjs'; // ${release}\n`);
    for (const [name, text] of Object.entries(more)) await writeFile(join(home, name), text);
    const base = ['--build-arg', `BASE=${BASE}`, '--isolation', 'chroot'];
    const tag = ['-t', `localhost/fixture:${release}`];
    await this.run('build', ...base, '-f', join(ROOT, 'Containerfile'), ...tag, context);
  }

  async close(): Promise<void> {
    await this.run('rm', '--all', '--force');
    await this.run('rmi', '--all', '--force');
    await rm(this.dir, { recursive: true, force: true });
  }
}
