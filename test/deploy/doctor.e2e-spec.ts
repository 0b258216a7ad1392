import { execFileSync } from 'node:child_process';
import { appendFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Lab } from './support/lab';

type Check = Readonly<{ name: string; state: string; found: string }>;

const NAMES = [
  ...[
    'node',
    'flock',
    'settings',
    'nginx',
    'port',
    'state',
    'sockets',
    'disk',
    'releases',
    'database',
    'needs',
    'clock',
    'switch',
  ],
];

let lab: Lab;
beforeAll(async () => (lab = await Lab.open()));
afterAll(() => lab.close());
afterEach(() => lab.configure({}));

describe('doctor', () => {
  it('finds nothing wrong where a deploy would work, before the first one and after it', async () => {
    const checks = await lab.json<readonly Check[]>(['doctor']);
    expect(checks.map(({ name }) => name)).toEqual(NAMES);
    expect(checks.filter(({ state }) => state !== 'ok')).toEqual([]);
    await lab.deploy('r1');
    expect((await lab.run(['doctor'])).out).toMatch(/ok +port +our nginx has it/);
    await lab.run(['down']);
  });

  it('names everything at once, each with what to do', async () => {
    const stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.on('listening', resolve));
    const { port } = stranger.address() as { port: number };
    const file = join(lab.dir, 'a-file');
    await writeFile(file, '');
    await lab.configure({
      nginx: { port },
      stateDir: join(file, 'state'),
      runDir: join(lab.dir, 'run'),
      service: { entry: 'dist/missing.js', requires: ['LAB_KEY'], secrets: ['nowhere'] },
    });
    const { code, err } = await lab.run(['doctor'], { env: { PATH: '/nowhere', DATABASE_URL: 'nonsense' } });
    stranger.close();
    expect(code).toBe(5);
    expect(err).toContain('5 things keep a deploy from working');
    expect(err).toMatch(/problem +flock +flock is missing.*\n.*-> install it/);
    expect(err).toMatch(new RegExp(`problem +port +somebody else listens on 127.0.0.1:${port}`));
    expect(err).toMatch(/problem +state +\S+a-file is no folder/);
    expect(err).toMatch(/problem +needs +no LAB_KEY in the environment, nowhere \(there is none\)/);
    expect(err).toMatch(/problem +releases +nothing has dist\/missing.js/);
    expect(err).toMatch(/note +database +DATABASE_URL is not set, or wrong/);
  });

  it('counts wrong settings among the problems', async () => {
    await lab.configure({ colour: 'red', drain: { minMs: -1 } });
    const { code, err } = await lab.run(['doctor'], { env: { PATH: '/nowhere' } });
    expect(code).toBe(5);
    expect(err).toMatch(/problem +settings .*drain.minMs.*"colour"/);
    expect(err).toMatch(/problem +flock/);
  });

  it('sees a clock that was set back', async () => {
    const [line = {}] = await lab.history();
    const later = JSON.stringify({ ...line, finishedAt: '2999-01-01T00:00:00.000Z' });
    await appendFile(join(lab.dir, 'history.jsonl'), `${later}\n`);
    expect((await lab.run(['doctor'])).err).toMatch(
      /problem +clock +it is \S+, before the end of the last run/,
    );
  });
});

describe('the completion', () => {
  const complete = (script: string, words: readonly string[]) => {
    const line = words.map((word) => `'${word}'`).join(' ');
    const ask = `COMP_WORDS=(haru-deploy ${line}); COMP_CWORD=${words.length}; _haru_deploy; echo "\${COMPREPLY[*]}"`;
    return execFileSync('bash', ['-c', `${script}\n${ask}`], { encoding: 'utf8' }).trim();
  };

  it('knows the commands, and what comes after them', async () => {
    const { out } = await lab.run(['completion', 'bash']);
    expect(complete(out, ['ma'])).toBe('maintenance');
    expect(complete(out, ['maintenance', 'o'])).toBe('on off');
    expect(complete(out, ['drain', 'g'])).toBe('green');
    expect(complete(out, ['deploy', '--dry'])).toBe('--dry-run');
  });

  it('is there for zsh, and refused for a shell that it does not know', async () => {
    expect((await lab.run(['completion', 'zsh'])).out).toContain('compdef _haru_deploy haru-deploy');
    expect((await lab.run(['completion', 'fish'])).code).toBe(2);
  });
});
