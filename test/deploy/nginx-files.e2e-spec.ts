import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkConfig } from '../../apps/deploy/src/shell/nginx-program';
import { renderSite } from '../../apps/deploy/src/shell/nginx-render';
import { loadSite } from '../../apps/deploy/src/shell/site';
import { trafficOf } from '../../apps/deploy/src/shell/traffic/traffic';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { signCertificate } from './support/certificate';

const EXAMPLES = ['production', 'develop', 'local', 'reload'];

describe('the examples under infra/nginx', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(process.env['HARU_TEST_FOLDER'] ?? tmpdir(), 'x-'));
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  it.each(EXAMPLES)(
    'show what is generated (npm run deploy -- nginx --config infra/nginx/%s.yml)',
    async (name) => {
      const site = await loadSite(`infra/nginx/${name}.yml`, ROOT);
      const { text } = renderSite(site, [1, 22, 1], '');
      expect(await readFile(join(ROOT, `infra/nginx/${name}.conf`), 'utf8')).toBe(text);
    },
  );

  it.each(EXAMPLES)('are taken by nginx without a warning: %s', async (name) => {
    const home = join(dir, name);
    const text = await readFile(join(ROOT, `infra/nginx/${name}.yml`), 'utf8');
    // The same settings, with every folder below one of the test, and with the user who runs it.
    const moved = text.replaceAll(/(?<=[ :])\/(srv|run|etc)\//g, `${home}/$1/`).replace(/^ *user:.*$/m, '');
    const file = join(home, 'deploy.yml');
    await mkdir(home);
    await writeFile(file, moved);
    for (const [, certificate = '', key = ''] of moved.matchAll(/certificate: (\S+)\s+key: (\S+)/g)) {
      await signCertificate({ certificate, key });
    }
    const site = await loadSite(file, ROOT);
    await mkdir(join(site.layout.nginxDir, 'temp'), { recursive: true });
    await mkdir(site.layout.runDir, { recursive: true });
    await writeFile(site.layout.nginxConf, renderSite(site, [1, 22, 1], '').text);
    await trafficOf(site).prepare(site);
    expect(await checkConfig(site, site.layout.nginxConf)).toBe('');
  });
});
