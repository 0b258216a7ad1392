import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { parseSettings } from '../../apps/deploy/src/core/settings';
import { ROOT } from '../../scripts/lib/paths.mjs';

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

/** @returns what stands in the ```yaml fences of a page */
function settingsIn(file: string): readonly string[] {
  return [...read(file).matchAll(/^```yaml\n([^]*?)^```$/gm)].map(([, text = '']) => text);
}

describe('settings that a page shows', () => {
  const shown = ['docs/deploying.md', 'docs/deploys.md'].flatMap((file) =>
    settingsIn(file).map((text) => [file, text.split('\n')[0] ?? '', text] as const),
  );

  it.each(shown)('are good: %s, %s', (_file, _first, text) => {
    const content: unknown = parse(text);
    expect(parseSettings(content)).toMatchObject({ ok: true, settings: content });
  });

  it('are those of the recipes, too', () => {
    const hosts = shown.map(([, , text]) => (parse(text) as { hosts?: unknown[] }).hosts?.length ?? 0);
    expect(Math.max(...hosts)).toBe(2);
    expect(shown.some(([, , text]) => text.includes('kind: container'))).toBe(true);
  });
});

describe('a release that is made for an image', () => {
  it.each(['docs/deploying.md', 'docs/deploys.md', 'Containerfile'])(
    'lies where neither git nor lint looks: %s',
    (file) => {
      const [, folder = ''] = /podman build .* (\S+)$/m.exec(read(file)) ?? [];
      // It fails for a path that is not ignored.
      const ignored = execFileSync('git', ['check-ignore', `${folder}/dist/x.js`], {
        cwd: ROOT,
        encoding: 'utf8',
      });
      expect(ignored.trim()).toBe(`${folder}/dist/x.js`);
      expect(read(file)).toMatch(/npm run release -- --id \w+ --dir(?! --out)/);
    },
  );
});

const PAGES = [
  ...['README.md', 'CONTRIBUTING.md', 'CHANGELOG.md'],
  ...readdirSync(join(ROOT, 'docs'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.md'))
    .map((name) => join('docs', name)),
];

/** @returns the names that GitHub gives to the headings of a page */
function anchorsIn(file: string): readonly string[] {
  return [...read(file).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** @returns why a link leads nowhere; null when it does not, or leads out of the repository */
function deadEnd(page: string, link: string): string | null {
  if (/^[a-z]+:/.test(link)) return null;
  const [path = '', anchor] = link.split('#');
  const file = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(ROOT, file))) return `${link}: there is no ${file}`;
  if (anchor === undefined || anchorsIn(file).includes(anchor)) return null;
  return `${link}: ${file} has no such heading`;
}

describe('the pages', () => {
  it.each(PAGES)('link to what is there: %s', (page) => {
    const links = [...read(page).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);
    expect(links.flatMap((link) => deadEnd(page, link) ?? [])).toEqual([]);
  });

  const { scripts } = JSON.parse(read('package.json')) as { scripts: Readonly<Record<string, string>> };

  it.each(PAGES)('name commands that there are: %s', (page) => {
    const named = [...read(page).matchAll(/\bnpm run (?:--silent )?([a-z][a-z:]*)/g)].map(
      ([, name = '']) => name,
    );
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it('of whoever contributes name every command', () => {
    const page = read('CONTRIBUTING.md');
    const unnamed = Object.keys(scripts).filter(
      (name) => !new RegExp(`\\bnpm (run )?${name}(?![:\\w])`).test(page),
    );
    expect(unnamed).toEqual([]);
  });
});
