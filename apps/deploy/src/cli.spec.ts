import { tmpdir } from 'node:os';
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
});
