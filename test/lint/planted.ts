import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

export const ROOT = join(__dirname, '../..');

/** The files that decide what the lint finds; a planted tree has copies of them. */
const GATES = ['eslint.config.mjs', 'scripts/lint', 'tsconfig.json', 'tsconfig.scripts.json', 'package.json'];

/** One file: where it lies, from the root of the tree, and what is in it. */
export type Plant = readonly [path: string, code: string];

/** A violation, the rule that must find it, and its clean counterpart. A `*` in a path becomes a name of its own. */
export interface Case {
  readonly rule: string;
  readonly what: string;
  readonly bad: Plant;
  readonly good: Plant;
}

export interface Tree {
  readonly folder: string;
  remove(): void;
}

/** A temporary tree with the project's own gates and the given files; remove it afterwards. */
export function plantTree(plants: readonly Plant[]): Tree {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'lint-')));
  for (const gate of GATES) cpSync(join(ROOT, gate), join(folder, gate), { recursive: true });
  symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
  for (const [path, code] of plants) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), code);
  }
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Lints a tree as `npm run lint` does, in a process of its own: Jest cannot load the lint's ES modules.
 *
 * @returns the names of the rules that each file breaks, by its path from the root of the tree
 */
export async function lintTree(folder: string): Promise<ReadonlyMap<string, readonly string[]>> {
  const { output } = await run(folder, 'eslint/bin/eslint.js', ['.', '--format', 'json']);
  const results = JSON.parse(output) as {
    filePath: string;
    messages: { ruleId: string | null; message: string }[];
  }[];
  const rulesOf = ({ messages }: (typeof results)[number]) => messages.map((m) => m.ruleId ?? m.message);
  return new Map(results.map((result) => [result.filePath.slice(folder.length + 1), rulesOf(result)]));
}

/** Runs a tool of node_modules. Output is both streams, in the order in which they came. */
export function run(
  cwd: string,
  tool: string,
  args: readonly string[],
): Promise<{ code: number; output: string }> {
  const file = join(ROOT, 'node_modules', tool);
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [file, ...args],
      { cwd, maxBuffer: 1 << 26 },
      (_error, stdout, stderr) => resolve({ code: child.exitCode ?? 1, output: stdout + stderr }),
    );
  });
}

/** Two tests for each case: the violation is reported by that very rule, the counterpart by none. */
export function itReports(cases: readonly Case[], extra: readonly Plant[] = []): void {
  const named = cases.map((one, n) => ({
    ...one,
    bad: rename(one.bad, `bad${n}`),
    good: rename(one.good, `good${n}`),
  }));
  let tree: Tree;
  let found: ReadonlyMap<string, readonly string[]>;

  beforeAll(async () => {
    tree = plantTree([...extra, ...named.flatMap(({ bad, good }) => [bad, good])]);
    found = await lintTree(tree.folder);
  }, 240_000);
  afterAll(() => tree?.remove());

  it.each(named)('$rule reports $what', ({ rule, bad }) => {
    expect(found.get(bad[0])).toContain(rule);
  });

  it.each(named)('no rule reports the counterpart of $what', ({ good }) => {
    expect(found.get(good[0])).toEqual([]);
  });
}

function rename([path, code]: Plant, name: string): Plant {
  return [path.replace('*', name), code];
}
