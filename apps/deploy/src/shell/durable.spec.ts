import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { appendDurably } from './durable';

describe('a file of lines', () => {
  let folder: string;
  beforeEach(async () => (folder = await mkdtemp(join(tmpdir(), 'durable-'))));
  afterEach(() => rm(folder, { recursive: true }));

  it('has a line of its own for each, also after half a line of a machine that lost its power', async () => {
    const path = join(folder, 'lines');
    await appendDurably(path, 'first');
    await writeFile(path, 'first\nhal');
    await appendDurably(path, 'second');
    await appendDurably(path, 'third');
    expect(await readFile(path, 'utf8')).toBe('first\nhal\nsecond\nthird\n');
  });
});
