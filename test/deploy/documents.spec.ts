import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
