import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { access, mkdir, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { withLock } from '../../../scripts/lib/lock.mjs';
import { output } from './programs';

/** What a small server has: a real systemd, sshd, nginx. */
const PACKAGES = [
  'systemd',
  'systemd-sysv',
  'dbus',
  'openssh-server',
  'nginx-light',
  'iproute2',
  'ca-certificates',
];

/** They have no business in a test, and a boot is quicker without. */
const MASKED = [
  'console-getty.service',
  'getty@.service',
  'apt-daily.timer',
  'apt-daily-upgrade.timer',
  'dpkg-db-backup.timer',
  'e2scrub_all.timer',
  'e2scrub_reap.service',
  'fstrim.timer',
  'systemd-logind.service',
];

const CACHE = join(homedir(), '.cache/haru-study');
const PREFIX = 'rootfs-';

/**
 * The folder of a Debian that can be booted. It is made once on a machine (a minute, by debootstrap) and only read
 * afterwards: systems lay their own changes over it.
 */
export async function rootfs(): Promise<string> {
  const folder = join(CACHE, `${PREFIX}${fingerprint()}`);
  await mkdir(CACHE, { recursive: true });
  await withLock(join(CACHE, 'rootfs.lock'), async () => {
    if (await exists(folder)) return;
    await removeAllBut(folder);
    await build(`${folder}.part`);
    await rename(`${folder}.part`, folder);
  });
  return folder;
}

function fingerprint(): string {
  const parts = [...PACKAGES, ...MASKED, codename(), readFileSync(__filename, 'utf8')];
  return createHash('sha256').update(parts.join()).digest('hex').slice(0, 12);
}

/** An older list of packages, or a build that was killed. */
async function removeAllBut(folder: string): Promise<void> {
  const names = (await readdir(CACHE)).filter((name) => name.startsWith(PREFIX));
  const others = names
    .map((name) => join(CACHE, name))
    .filter((path) => path !== folder && path !== `${CACHE}/rootfs.lock`);
  await Promise.all(others.map((path) => rm(path, { recursive: true, force: true })));
}

async function build(folder: string): Promise<void> {
  const { uri, components } = await mirror();
  const options = ['--variant=minbase', `--include=${PACKAGES.join()}`, `--components=${components.join()}`];
  await output(['debootstrap', ...options, codename(), folder, uri]);
  await output(['systemctl', `--root=${folder}`, 'mask', ...MASKED]);
  await rm(join(folder, 'var/cache/apt'), { recursive: true, force: true });
  await rm(join(folder, 'var/lib/apt/lists'), { recursive: true, force: true });
  await mkdir(join(folder, 'var/log/journal'), { recursive: true });
  await writeFile(join(folder, 'etc/machine-id'), '');
}

/** Where this machine itself gets its packages from. */
async function mirror(): Promise<Readonly<{ uri: string; components: readonly string[] }>> {
  const format = '$(CODENAME) $(REPO_URI) $(COMPONENT)';
  const lines = (await output(['apt-get', 'indextargets', '--format', format, 'Created-By: Packages'])).split(
    '\n',
  );
  const own = lines.map((line) => line.split(' ')).filter(([name]) => name === codename());
  const uri = own[0]?.[1];
  if (uri === undefined) throw new Error(`apt has no packages of ${codename()}: run apt-get update`);
  const components = new Set(
    own.filter(([, one]) => one === uri).map(([, , component = 'main']) => component),
  );
  return { uri, components: [...components] };
}

/** @returns such as `bookworm` */
function codename(): string {
  return /^VERSION_CODENAME=(\S+)$/m.exec(readFileSync('/etc/os-release', 'utf8'))?.[1] ?? 'stable';
}

function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
