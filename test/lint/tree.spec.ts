import { plantTree, ROOT, run, type Plant } from './planted';

const OK = { code: 0, output: '' };

/** Runs a gate on a tree that holds one file alone, with the project's own settings. */
async function onTreeWith(plant: Plant, tool: string, args: readonly string[]) {
  const tree = plantTree([plant]);
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
  it.each(['apps/api/src/x.ts', 'libs/kernel/src/x.ts', 'test/x.ts', 'apps/api/src/x.spec.ts'])(
    'refuse a wrong type in %s',
    async (path) => {
      const result = await onTreeWith(
        [path, "export const x: number = 'text';\n"],
        'typescript/bin/tsc',
        TYPES,
      );
      expect(result.output).toContain(`${path}(1,14): error TS2322`);
      expect(result.code).not.toBe(0);
    },
  );

  it.each(['scripts/x.mjs', 'scripts/lib/x.mjs', 'test/support/x.mjs'])(
    'refuse a wrong type in %s',
    async (path) => {
      const code = "/** @type {number} */\nexport const x = 'text';\n";
      const result = await onTreeWith([path, code], 'typescript/bin/tsc', SCRIPT_TYPES);
      expect(result.output).toContain(`${path}(2,14): error TS2322`);
      expect(result.code).not.toBe(0);
    },
  );

  it('refuse a file that is not formatted', async () => {
    const result = await onTreeWith(
      ['apps/api/src/x.ts', 'export const x = "text"\n'],
      'prettier/bin/prettier.cjs',
      ['--check', 'apps'],
    );
    expect(result.output).toContain('apps/api/src/x.ts');
    expect(result.code).not.toBe(0);
  });
});
