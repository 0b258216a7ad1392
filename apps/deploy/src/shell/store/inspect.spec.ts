import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { siteOf, type Site } from '../site';
import { lookAtHost } from './host';
import { inspect, refuseUnknown } from './inspect';
import { sealFolder } from './pack';

describe('a release in containers', () => {
  let folder: string;
  let site: Site;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inspect-'));
    const engine = join(folder, 'engine.sh');
    await writeFile(engine, 'echo sha256:4711\n');
    const driver = { kind: 'container', command: ['/bin/sh', engine], environmentFile: join(folder, 'env') };
    await writeFile(join(folder, 'env'), '# secrets\nLAB_KEY=x\nLAB_EMPTY=\n');
    const service = { requires: ['LAB_KEY', 'LAB_EMPTY', 'PATH'] };
    site = siteOf({ driver, service, stateDir: folder, releasesDir: folder }, folder, 'deploy.yml');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is the image of its name, whatever lies where releases are unpacked', async () => {
    await mkdir(join(folder, 'r1'));
    await writeFile(join(folder, 'r1.tar.gz'), 'no tarball');
    const { release, candidate } = await inspect(site, { id: 'r1' });
    expect(release).toMatchObject({ source: 'image', fingerprint: '4711' });
    expect(candidate).toMatchObject({ digest: '4711', problems: [], room: null });
  });

  it('is unpacked from nothing', async () => {
    await expect(refuseUnknown(site, { id: 'r1', from: 'r1.tar.gz' })).rejects.toThrow('an image here');
  });

  it('has the variables of its file, and none of those of the deployer', async () => {
    expect((await lookAtHost(site)).missingVariables).toEqual(['LAB_EMPTY', 'PATH']);
  });
});

/** As on a server, where the tool is run from an unpacked release. */
describe('a project folder that is a release itself', () => {
  let folder: string;
  let site: Site;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'inspect-'));
    await mkdir(join(folder, 'dist'));
    await writeFile(join(folder, 'dist/main.js'), '// the service');
    const node = { major: 20, least: '20.0', carried: null };
    const about = {
      createdAt: new Date(0).toISOString(),
      commit: null,
      platform: 'linux-x64',
      migrations: null,
    };
    await sealFolder(folder, { id: 'r1', node, ...about });
    const service = { entry: 'dist/main.js', migrate: null };
    site = siteOf({ service, stateDir: 'deploy', releasesDir: 'releases' }, folder, 'deploy.yml');
  });
  afterAll(() => rm(folder, { recursive: true }));

  it('is that release, and not whatever somebody has mistyped', async () => {
    await expect(refuseUnknown(site, { id: 'r1' })).resolves.toBeUndefined();
    const refusal = refuseUnknown(site, { id: 'r9' });
    await expect(refusal).rejects.toMatchObject({ exitCode: 2 });
    await expect(refusal).rejects.toThrow(`${folder}/releases has neither r9 nor r9.tar.gz`);
    await expect(refusal).rejects.toThrow(`${folder} is release r1`);
  });
});
