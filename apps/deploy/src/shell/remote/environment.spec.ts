import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readEnvironment } from './environment';

describe('the environment file of a host', () => {
  let dir: string;
  beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'environment-'))));
  afterEach(() => rmSync(dir, { recursive: true }));

  /** @returns how sh ended, and what it had exported then */
  function read(text: string | null) {
    const file = join(dir, "it's one");
    if (text !== null) writeFileSync(file, text);
    const { status, stdout } = spawnSync('sh', ['-c', `${readEnvironment(file)}\nexec env`], {
      encoding: 'utf8',
      env: { PATH: '/usr/bin:/bin' },
    });
    const lines = stdout.split('\n').filter((line) => /^[A-Z]\w*=/.test(line));
    return { status, lines: lines.filter((line) => !/^(PATH|PWD|OLDPWD|SHLVL)=/.test(line)).sort() };
  }

  it.each([
    ['an address with &, ; and $', 'URL=mysql://a:b@c/d?x=1&y=$2;z', ['URL=mysql://a:b@c/d?x=1&y=$2;z']],
    ['blanks, a # and a backslash', 'A= b #c\\n ', ['A= b #c\\n ']],
    ['a pair of quotes around a value', `A="b c"\nB='d'\nC="e`, ['A=b c', 'B=d', 'C="e']],
    ['comments, empty lines and what is no name', '# A=1\n\nB C=2\nD=3', ['D=3']],
    ['a command', 'A=$(touch gone)\nB=`id`', ['A=$(touch gone)', 'B=`id`']],
    ['nothing', '', []],
  ])('is taken to the letter: %s', (_, text, lines) => {
    expect(read(text)).toEqual({ status: 0, lines });
  });

  it('that is not there is told by exit code 78', () => {
    expect(read(null).status).toBe(78);
  });
});
