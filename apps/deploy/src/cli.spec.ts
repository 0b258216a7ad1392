import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli';

async function help(...words: readonly string[]): Promise<string> {
  const lines: string[] = [];
  const write = (text: string) => void lines.push(text);
  expect(await runCli([...words, '--help'], tmpdir(), { out: write, err: write })).toBe(0);
  return lines.join('\n');
}

/** The names below `Commands:`. */
async function commands(): Promise<readonly string[]> {
  const [, listed = ''] = (await help()).split('\nCommands:\n');
  const names = [...listed.split('\n\n')[0].matchAll(/^ {2}([a-z]+)/gm)].map(([, name = '']) => name);
  return names.filter((name) => name !== 'help');
}

describe('the help', () => {
  it('lists the commands', async () => {
    expect(await commands()).toEqual(expect.arrayContaining(['deploy', 'switch', 'doctor', 'maintenance']));
    expect(await help()).toContain('Exit codes: 0 done');
  });

  it('of each command has an example and says how it ends', async () => {
    for (const name of await commands()) {
      expect(await help(name)).toMatch(/haru-deploy completion|npm run (--silent )?deploy -- /);
      expect(await help(name)).toMatch(/\nExit codes: 0/);
    }
  });

  /** They settle first what an earlier command has left, which may need a human. */
  const UNDER_THE_LOCK = [
    ...['deploy', 'rollback', 'settle', 'contract', 'switch', 'preview'],
    ...['drain', 'standby', 'down', 'boot'],
  ];

  it.each([
    ...UNDER_THE_LOCK.map((name) => [name, [3, 5]] as const),
    ['plan', [2, 4, 5]],
    ['maintenance', [2, 5]],
  ] as const)('of %s names all the exit codes that it has', async (name, codes) => {
    const [, told = ''] = (await help(name)).split('\nExit codes: ');
    const named = [...told.matchAll(/(?:^|; )(\d)/g)].map(([, code]) => Number(code));
    expect(named).toEqual(expect.arrayContaining([0, ...codes]));
  });
});

describe('the pages about commands', () => {
  /** @returns the commands that the first cells of a table name, as `deploy <id>` does */
  function named(file: string, prefix: string): ReadonlySet<string> {
    const page = readFileSync(join(__dirname, '../../../docs', file), 'utf8');
    const [, table = ''] = /\n\| command .*\n((?:\|.*\n)+)/.exec(page) ?? [];
    const cells = table.split('\n').map((row) => row.split(' | ')[0] ?? '');
    const texts = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, text = '']) => text));
    return new Set(texts.map((text) => text.replace(prefix, '').split(' ')[0] ?? ''));
  }

  it.each([
    ['deploys.md', 'npm run deploy -- '],
    ['deploying.md', ''],
  ])('have each of them in their table, and no other: %s', async (file, prefix) => {
    expect([...named(file, prefix)].toSorted()).toEqual((await commands()).toSorted());
  });
});
