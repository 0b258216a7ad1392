import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../../scripts/lib/paths.mjs';
import { hasTest, titlesIn } from '../support/test-titles';

/** Every row that there must be. A row with several cases has a letter for each. */
const ROWS = `
  A1 A2a A2b A2c A3 A4a A4b A4c A5 A6a A6b A6c
  B1 B2a B2b B3 B4a B4b B4c B4d B4e B5 B6a B6b B6c
  C1a C1b C1c C1d C2a C2b C2c C3 C4 C5a C5b C5c C5d C6a C6b C7a C7b C8a C8b C9a C9b C9c C9d C10a C10b C10c
  D1a D1b D2 D3a D3b D4 D5 D6
  E1a E1b E1c E2 E3 E4 E5 E6 E7
  F1 F2 F3
  G1 G2 G3 G4a G4b G5 G6
  H1 H2 H3 H4
  I1 I2 I3 I4 I5 I6
`
  .trim()
  .split(/\s+/);

/** What a row names: a spec with a title, or a measured campaign. */
type Proof = Readonly<{ file: string; titles: readonly string[] }>;

type Row = Readonly<{ id: string; happens: string; promised: string; proofs: readonly Proof[] }>;

const MEASURED = /^docs\/measurements\/[\w.-]+\.md$/;
const SPEC = /^[\w./-]+\.(e2e-)?spec\.ts$/;

const read = (file: string) => readFileSync(join(ROOT, file), 'utf8');

function rowsOf(document: string): readonly Row[] {
  const lines = document.split('\n').filter((line) => /^\| [A-I]\d/.test(line));
  return lines.map((line) => {
    const [id = '', happens = '', promised = '', proven = ''] = line.slice(2, -2).split(' | ');
    return { id, happens, promised, proofs: proofsOf(proven) };
  });
}

/** Reads `file` “title” “title”, `file` … */
function proofsOf(cell: string): readonly Proof[] {
  return [...cell.matchAll(/`([^`]+)`((?: “[^”]+”)*)/g)].map(([, file = '', titles = '']) => ({
    file,
    titles: [...titles.matchAll(/“([^”]+)”/g)].map(([, title = '']) => title),
  }));
}

/** What is wrong with a proof; null when nothing is. A campaign needs no title, but what is named must stand in it. */
function problemOf({ file, titles }: Proof): string | null {
  if (!existsSync(join(ROOT, file))) return `${file} is not there`;
  const text = read(file);
  if (MEASURED.test(file)) {
    const missing = titles.find((title) => !text.includes(title));
    return missing === undefined ? null : `${file} does not say “${missing}”`;
  }
  if (!SPEC.test(file)) return `${file} is neither a spec nor a measured campaign`;
  if (titles.length === 0) return `${file} is named without a title`;
  const missing = titles.find((title) => !hasTest(text, title));
  return missing === undefined ? null : `${file} has no test “${missing}”`;
}

function problemsOf(rows: readonly Row[]): readonly string[] {
  return rows.flatMap(({ id, proofs }) => {
    if (proofs.length === 0) return [`${id}: has no proof`];
    return proofs.flatMap((proof) => problemOf(proof) ?? []).map((problem) => `${id}: ${problem}`);
  });
}

describe('the failure matrix', () => {
  const rows = rowsOf(read('docs/failure-matrix.md'));

  it('has every row once, in order', () => {
    expect(rows.map(({ id }) => id)).toEqual(ROWS);
  });

  it('says of each row what happens and what is promised', () => {
    for (const { happens, promised } of rows) {
      expect(happens.length).toBeGreaterThan(10);
      expect(promised.length).toBeGreaterThan(5);
    }
  });

  it('names for each row a test that is there, or a campaign that was measured', () => {
    expect(problemsOf(rows)).toEqual([]);
  });
});

describe('what is no proof', () => {
  const row = (proven: string) => rowsOf(`| A1 | it happens | it is promised | ${proven} |`);
  const here = 'test/deploy/failure-matrix.spec.ts';

  it.each([
    ['nothing', 'open', 'A1: has no proof'],
    ['a file that is not there', '`test/deploy/gone.spec.ts` “has it”', 'gone.spec.ts is not there'],
    ['a title that is not there', `\`${here}\` “has every row twice”`, 'has no test “has every row twice”'],
    ['a spec without a title', `\`${here}\``, 'is named without a title'],
    ['a page of the documents', '`docs/deploys.md`', 'neither a spec nor a measured campaign'],
    [
      'a word that the campaign does not say',
      '`docs/measurements/2026-11-20-switches.md` “no word”',
      'say “no word”',
    ],
  ])('is told: %s', (_, proven, problem) => {
    expect(problemsOf(row(proven))).toEqual([expect.stringContaining(problem)]);
  });

  it('is a test that is skipped, or one of whose cases is named that the file does not have', () => {
    const source = `
      it('runs', () => {}); it.skip('is skipped', () => {}); describe.skip('none', () => { it('is below', () => {}); });
      it.each([['one']])('takes %s', () => {});`;
    expect(titlesIn(source).map(({ text }) => text)).toEqual(['runs', 'takes %s']);
    expect(
      ['runs', 'takes %s', 'takes one', 'takes two', 'is skipped'].map((t) => hasTest(source, t)),
    ).toEqual([true, true, true, false, false]);
  });
});
