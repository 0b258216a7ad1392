import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { parseSettings, settingsSchema } from './settings';

type Section = Record<string, unknown>;

/** A section, or a single setting, that the example shows as a comment. */
type Block = Readonly<{ name: string; within: string | null; content: Section }>;

const EXAMPLE = readFileSync(join(__dirname, '../../deploy.example.yml'), 'utf8');

/** `# name:` with what is indented below it, or `# name: value`; everything else behind a `#` is prose. */
const BLOCK = /^( *)# ([\w-]+):(?:\n(?:\1# {3}.*\n)+| \S+\n)/gm;

function blocks(): readonly Block[] {
  return [...EXAMPLE.matchAll(BLOCK)].map(([text, indentation = '', name = ''], index, all) => {
    const before = EXAMPLE.slice(0, all[index]?.index);
    const within = indentation === '' ? null : ([...before.matchAll(/^(\w+):$/gm)].at(-1)?.[1] ?? null);
    return { name, within, content: parse(text.replaceAll(/^ *# /gm, '')) as Section };
  });
}

/** The example with a comment of its made a setting. */
function withBlock(below: Section, { within, content }: Block): Section {
  if (within === null) return { ...below, ...content };
  return { ...below, [within]: { ...(below[within] as Section), ...content } };
}

type Schema = Readonly<{
  properties?: Readonly<Record<string, Schema>>;
  items?: Schema;
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
}>;

/** @returns all settings by their path: `nginx.tls.port`, `hosts[].name` */
function pathsIn({ properties = {}, items, anyOf = [], oneOf = [] }: Schema, at = ''): readonly string[] {
  const own = Object.entries(properties).flatMap(([name, schema]) => {
    const path = at === '' ? name : `${at}.${name}`;
    return [path, ...pathsIn(schema, path)];
  });
  const ofItems = items ? pathsIn(items, `${at}[]`) : [];
  return [...own, ...ofItems, ...[...anyOf, ...oneOf].flatMap((one) => pathsIn(one, at))];
}

/** @returns the same of settings that somebody has written */
function pathsOf(content: unknown, at = ''): readonly string[] {
  if (Array.isArray(content)) return content.flatMap((item: unknown) => pathsOf(item, `${at}[]`));
  if (typeof content !== 'object' || content === null) return [];
  return Object.entries(content).flatMap(([name, value]) => {
    const path = at === '' ? name : `${at}.${name}`;
    return [path, ...pathsOf(value, path)];
  });
}

describe('the commented example', () => {
  const shown = parse(EXAMPLE) as Section;
  const all = blocks();
  const single = all.filter(({ content, name }) => typeof content[name] !== 'object');
  const sections = all.filter((block) => !single.includes(block));
  const settings = single.reduce(withBlock, shown);

  it('shows the defaults', () => {
    expect(parseSettings(shown)).toEqual(parseSettings({}));
  });

  it('has every setting, in its section', () => {
    const known = new Set(
      [shown, ...all.map((block) => withBlock({}, block))].flatMap((one) => pathsOf(one)),
    );
    const wanted = new Set(pathsIn(z.toJSONSchema(settingsSchema, { io: 'input' }) as Schema));
    expect([...wanted].filter((path) => !known.has(path))).toEqual([]);
    const some = [
      'driver.options',
      'nginx.develop.port',
      'nginx.pool.by',
      'hosts[].identityFile',
      'standby.listen.port',
    ];
    expect([...wanted]).toEqual(expect.arrayContaining(some));
  });

  it('has comments that are settings', () => {
    expect(single.map(({ name }) => name)).toEqual(['runDir', 'user']);
    expect(parseSettings(settings)).toMatchObject({ ok: true, settings: { runDir: '/run/haru' } });
    const names = sections.map(({ name, within }) => (within === null ? name : `${within}.${name}`));
    expect(names).toEqual([
      ...['driver', 'driver', 'standby'],
      ...['nginx.tls', 'nginx.limits', 'nginx.pool', 'nginx.preview', 'nginx.develop', 'hosts'],
    ]);
  });

  it.each(sections.filter(({ within }) => within === null))(
    'has one that is good as it stands: $name',
    (block) => {
      const parsed = parseSettings(withBlock(settings, block));
      expect(parsed).toMatchObject({ ok: true, settings: block.content });
    },
  );

  it('has those of one section that are good together', () => {
    const inner = sections.filter(({ within }) => within !== null);
    const parsed = parseSettings(inner.reduce(withBlock, settings));
    expect(parsed).toMatchObject({
      ok: true,
      settings: { nginx: { pool: { mode: 'sticky' }, develop: { port: 8081 } } },
    });
  });
});
