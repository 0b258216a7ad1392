import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCli } from './cli';

describe('what a person may get wrong', () => {
  let folder: string;
  let stranger: Server;
  let port: number;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'input-'));
    await writeFile(join(folder, 'file'), 'no folder');
    await writeFile(join(folder, 'empty'), '\n');
    stranger = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => stranger.on('listening', resolve));
    ({ port } = stranger.address() as AddressInfo);
  });
  afterAll(async () => {
    stranger.close();
    await rm(folder, { recursive: true });
  });

  async function told(settings: string, words: readonly string[]): Promise<readonly [number, string]> {
    await writeFile(join(folder, 'deploy.yml'), settings);
    const lines: string[] = [];
    const write = (text: string) => void lines.push(text);
    return [await runCli(words, folder, { out: write, err: write }), lines.join('\n')];
  }

  const listen = (more: string) => `standby: { listen: { host: 127.0.0.1, ${more} } }`;

  it.each([
    [
      'a name with * and without quotes',
      'nginx:\n  serverName: *.example.com',
      ['status'],
      2,
      'line 2: serverName: *.example',
    ],
    ['a state folder below a file', 'stateDir: file/deploy', ['settle'], 5, 'stateDir: '],
    ['a run folder below a file', 'stateDir: state\nrunDir: file/run', ['settle'], 5, 'runDir: '],
    [
      'a token that is not there',
      listen('port: 1, tokenFile: none'),
      ['standby', 'listen'],
      5,
      'standby.listen.tokenFile',
    ],
    [
      'a token that is empty',
      listen('port: 1, tokenFile: empty'),
      ['standby', 'listen'],
      5,
      'standby.listen.tokenFile',
    ],
    [
      'a port that is taken',
      listen('port: PORT, tokenFile: file'),
      ['standby', 'listen'],
      5,
      'standby.listen.port',
    ],
  ] as const)('is named with its setting, and is no bug: %s', async (_, settings, words, exitCode, key) => {
    const [code, text] = await told(settings.replace('PORT', String(port)), words);
    expect([code, text]).toEqual([exitCode, expect.stringContaining(key)]);
    expect(text).toContain('Next:  ');
    expect(text).not.toContain('    at ');
  });
});
