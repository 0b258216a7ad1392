import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DeployState } from '../core/state';
import { readState, writeState } from './state-file';

const aState = (release: string): DeployState => ({
  schema: 1,
  live: { colour: 'blue', release, fingerprint: 'f', since: '2026-11-20T06:00:00.000Z' },
  previous: null,
  floor: null,
});

describe('the state file', () => {
  let dir: string;
  let path: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'state-'));
    path = join(dir, 'state.json');
    await writeState(path, aState('r1'));
    await writeState(path, aState('r2'));
  });
  afterEach(() => rm(dir, { recursive: true }));

  it('is read as it was written', async () => {
    expect(await readState(path)).toEqual({ state: aState('r2'), notes: [] });
  });

  it('is none before the first deploy', async () => {
    expect(await readState(join(dir, 'other.json'))).toEqual({ state: null, notes: [] });
  });

  it.each([
    ['empty', ''],
    ['truncated', '{"checksum": "12", "sta'],
    ['not a state', '{}'],
    ['null', 'null'],
  ])('is taken from its previous copy when it is %s', async (_, content) => {
    await writeFile(path, content);
    const { state, notes } = await readState(path);
    expect(state).toEqual(aState('r1'));
    expect(notes.join()).toContain('is damaged');
  });

  it('is taken from its previous copy, whatever part of it a power loss has left', async () => {
    const text = (await readFile(path, 'utf8')).trimEnd();
    for (let bytes = 0; bytes < text.length; bytes += 1) {
      // The rest of a block that was never written is zeros.
      for (const rest of ['', '\0'.repeat(text.length - bytes)]) {
        await writeFile(path, text.slice(0, bytes) + rest);
        expect((await readState(path)).state).toEqual(aState('r1'));
      }
    }
  });

  it('is not believed when a letter has changed', async () => {
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('r2', 'r3'));
    expect((await readState(path)).state).toEqual(aState('r1'));
  });

  it('is none when both copies are damaged, and says so', async () => {
    await writeFile(path, '');
    await writeFile(`${path}.previous`, 'x');
    const { state, notes } = await readState(path);
    expect(state).toBeNull();
    expect(notes.join()).toContain('going by what runs');
  });

  it('never replaces a good copy by a damaged one', async () => {
    await writeFile(path, 'x');
    await writeState(path, aState('r3'));
    await writeFile(path, 'y');
    expect((await readState(path)).state).toEqual(aState('r1'));
  });

  it('of a newer tool is left alone', async () => {
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"schema": 1', '"schema": 7'));
    await expect(readState(path)).rejects.toThrow('newer version of this tool (schema 7)');
  });
});
