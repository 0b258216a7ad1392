import { plantTree, ROOT, run, type Plant } from './planted';

/** The tools read the whole project: seconds alone, more when the machine is busy. */
jest.setTimeout(240_000);

const OK = { code: 0, output: '' };

/** Runs a gate on a tree that holds these files alone, with the project's own settings. */
async function onTreeWith(plants: readonly Plant[], tool: string, args: readonly string[]) {
  const tree = plantTree(plants);
  try {
    return await run(tree.folder, tool, args);
  } finally {
    tree.remove();
  }
}

const TYPES = ['--noEmit', '--pretty', 'false'];
const SCRIPT_TYPES = ['-p', 'tsconfig.scripts.json', '--pretty', 'false'];

describe('The whole tree', () => {
  it('passes the lint', async () => {
    expect(await run(ROOT, 'eslint/bin/eslint.js', ['.', '--max-warnings', '0'])).toEqual(OK);
  });

  it('is formatted', async () => {
    expect(await run(ROOT, 'prettier/bin/prettier.cjs', ['--check', '--log-level', 'warn', '.'])).toEqual(OK);
  });

  it('has the right types, tests included', async () => {
    expect(await run(ROOT, 'typescript/bin/tsc', TYPES)).toEqual(OK);
  });

  it('has the right types in its scripts, as their comments state them', async () => {
    expect(await run(ROOT, 'typescript/bin/tsc', SCRIPT_TYPES)).toEqual(OK);
  });
});

describe('The gates', () => {
  it('refuse a wrong type in every folder with TypeScript', async () => {
    const paths = ['apps/api/src/x.ts', 'apps/api/src/x.spec.ts', 'libs/kernel/src/x.ts', 'test/x.ts'];
    const plants = paths.map((path): Plant => [path, "export const x: number = 'text';\n"]);
    const { code, output } = await onTreeWith(plants, 'typescript/bin/tsc', TYPES);
    for (const path of paths) expect(output).toContain(`${path}(1,14): error TS2322`);
    expect(code).not.toBe(0);
  });

  it('refuse a wrong type in every folder with scripts', async () => {
    const paths = ['scripts/x.mjs', 'scripts/lib/x.mjs', 'test/support/x.mjs', 'x.config.mjs'];
    const plants = paths.map((path): Plant => [path, "/** @type {number} */\nexport const x = 'text';\n"]);
    const { code, output } = await onTreeWith(plants, 'typescript/bin/tsc', SCRIPT_TYPES);
    for (const path of paths) expect(output).toContain(`${path}(2,14): error TS2322`);
    expect(code).not.toBe(0);
  });

  it('refuse a file that is not formatted', async () => {
    const plants: Plant[] = [['apps/api/src/x.ts', 'export const x = "text"\n']];
    const { code, output } = await onTreeWith(plants, 'prettier/bin/prettier.cjs', ['--check', 'apps']);
    expect(output).toContain('apps/api/src/x.ts');
    expect(code).not.toBe(0);
  });
});
