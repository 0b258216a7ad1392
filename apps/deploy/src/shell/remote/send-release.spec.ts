import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployError } from '../../core/errors';
import type { HostLook } from '../../core/fleet';
import type { ReleaseFacts } from '../../core/facts';
import { siteOf } from '../site';
import { runOnHost } from './ssh';
import { sendRelease } from './send-release';

/** More than fits any pipe, and no packer makes it smaller. */
const RELEASE_BYTES = 5_000_000;
const reporter = { say: () => undefined } as unknown as Parameters<typeof sendRelease>[1];

describe('a release that is sent to a host', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'send-'));
    await mkdir(join(dir, 'releases/r2'), { recursive: true });
    await writeFile(join(dir, 'releases/r2/code'), randomBytes(RELEASE_BYTES));
    await writeFile(join(dir, 'r2.tar.gz'), randomBytes(RELEASE_BYTES));
  });
  afterEach(() => rm(dir, { recursive: true }));

  /** @param program what stands for ssh: a script for sh, which gets the command for the host as its last word */
  async function siteWith(program: string): Promise<ReturnType<typeof siteOf>> {
    const command = join(dir, 'ssh');
    await writeFile(command, `#!/bin/sh\n${program}\n`);
    await chmod(command, 0o755);
    const hosts = [{ name: 'b', address: 'b', dir: join(dir, 'b') }];
    return siteOf({ ssh: { command }, hosts }, dir, 'deploy.yml');
  }

  async function send(program: string, from?: string): Promise<DeployError | null> {
    const release = {
      id: 'r2',
      source: 'folder',
      fingerprint: 'abc',
      migrates: false,
    } satisfies ReleaseFacts;
    const known = [{ host: 'b', look: { release: null } as HostLook }];
    const sent = { ...release, ...(from === undefined ? {} : { fetchFrom: from }) };
    return sendRelease(await siteWith(program), reporter, sent, known).then(
      () => null,
      (error: DeployError) => error,
    );
  }

  const ON_THIS_MACHINE = 'for command; do :; done; exec sh -c "$command"';

  it('is there under its name when all of it has come', async () => {
    await mkdir(join(dir, 'b'));
    expect(await send(ON_THIS_MACHINE)).toBeNull();
    expect(await send(ON_THIS_MACHINE, join(dir, 'r2.tar.gz'))).toBeNull();
    expect(await readdir(join(dir, 'b/releases'))).toEqual(['r2', 'r2.tar.gz']);
  });

  it.each([
    ['as a folder', 'releases/r2'],
    ['as a tarball', 'r2.tar.gz'],
  ])('%s keeps nobody waiting when the host stops taking it, and its name is told', async (_, from) => {
    const program = `head -c 1024 >/dev/null; echo 'write: No space left on device' >&2; exit 1`;
    const error = await send(program, join(dir, from));
    expect([error?.kind, error?.trouble.details]).toEqual([
      'needsHuman',
      ['b: write: No space left on device'],
    ]);
  });

  it('leaves nothing on the host when the connection drops on the way', async () => {
    await mkdir(join(dir, 'b'));
    const cut = 'for command; do :; done; head -c 1024 | sh -c "$command"; exit 255';
    for (const from of [undefined, join(dir, 'r2.tar.gz')]) {
      expect((await send(cut, from))?.kind).toBe('needsHuman');
      expect(await readdir(join(dir, 'b/releases'))).toEqual([]);
    }
  });

  it('is sent by an ssh that is there: otherwise the setting is named', async () => {
    const site = await siteWith('');
    const [host] = site.settings.hosts;
    await rm(join(dir, 'ssh'));
    if (!host) throw new Error('there is no host');
    await expect(runOnHost(site, host, 'true')).rejects.toMatchObject({
      kind: 'usage',
      trouble: { what: expect.stringContaining('ssh.command: ') },
    });
  });
});
