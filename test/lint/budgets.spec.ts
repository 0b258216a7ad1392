import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { itReports, ROOT, type Case } from './planted';

interface Budgets {
  readonly BUDGETS: Readonly<Record<'fileLines' | 'functionLines' | 'runtimeDependencies', number>>;
  manifestProblems(manifest: object): readonly string[];
  lockProblems(lock: object): readonly string[];
}

const { BUDGETS, manifestProblems, lockProblems } = jest.requireActual<Budgets>(
  '../../scripts/lint/budgets.mjs',
);

const file = (lines: number) => Array.from({ length: lines }, (_, n) => `export const x${n} = 1;\n`).join('');

/** The body of a function of so many lines, its first and its last line included. */
const body = (lines: number) => `{\n${"  'a line'.trim();\n".repeat(lines - 2)}}`;

const method = (lines: number) =>
  `const Get = (): MethodDecorator => () => undefined;\nexport class X {\n@Get()\n  get() ${body(lines)}\n}\n`;

const TOO_LONG_FILES: readonly Case[] = [
  'apps/api/src/*.ts',
  'libs/http/src/*.ts',
  'test/*.spec.ts',
  'scripts/*.mjs',
].map((path) => ({
  rule: 'max-lines',
  what: `the 251st line of ${path}`,
  bad: [path, file(251)],
  good: [path, file(250)],
}));

const functions = (path: string, code: (lines: number) => string): Case => ({
  rule: 'haru/function-lines',
  what: `the 41st line of a function in ${path}`,
  bad: [path, code(41)],
  good: [path, code(40)],
});

const TOO_LONG_FUNCTIONS: readonly Case[] = [
  functions('apps/api/src/*.ts', (lines) => `export function f() ${body(lines)}\n`),
  functions('libs/http/src/*.ts', (lines) => `export const f = () => ${body(lines)};\n`),
  functions('apps/api/src/studies/*.controller.ts', method),
  functions('scripts/*.mjs', (lines) => `export const f = function () ${body(lines)};\n`),
  functions('test/*.ts', (lines) => `export function f() ${body(lines)}\n`),
  {
    rule: 'haru/function-lines',
    what: 'a long helper in a spec, but not the list of its tests',
    bad: ['test/*.spec.ts', `export const helper = () => ${body(41)};\n`],
    good: [
      'test/*.spec.ts',
      `describe('x', () => ${body(60)});\nit('x', () => ${body(41)});\nit.each([1])('%i', () => ${body(41)});\n`,
    ],
  },
  {
    rule: 'haru/function-lines',
    what: 'a long callback named like a test block outside a spec',
    bad: ['apps/api/src/*.ts', `const it = (f: () => void) => f();\nit(() => ${body(41)});\n`],
    good: ['apps/api/src/*.ts', `const it = (f: () => void) => f();\nit(() => ${body(40)});\n`],
  },
];

describe('The budgets', () => {
  itReports([...TOO_LONG_FILES, ...TOO_LONG_FUNCTIONS]);

  it('are those of the style guide', () => {
    expect(BUDGETS).toEqual({ fileLines: 250, functionLines: 40, runtimeDependencies: 40 });
  });

  const manifest = (count: number) => ({
    dependencies: Object.fromEntries(Array.from({ length: count }, (_, n) => [`package-${n}`, '1.0.0'])),
  });

  it('let 40 runtime dependencies pass and refuse the 41st', () => {
    expect(manifestProblems(manifest(40))).toEqual([]);
    expect(manifestProblems(manifest(41))).toEqual([
      'package.json has 41 runtime dependencies, at most 40 are allowed',
    ]);
  });

  it('hold for package.json', () => {
    expect(manifestProblems(json('package.json'))).toEqual([]);
  });
});

describe('The lock file', () => {
  it("is refused with a registry's address in it", () => {
    const packages = { '': {}, 'node_modules/a': { version: '1.0.0' } };
    expect(lockProblems({ packages })).toEqual([]);
    const addressed = { ...packages, 'node_modules/b': { resolved: 'https://registry.example/b.tgz' } };
    expect(lockProblems({ packages: addressed })).toEqual([
      'package-lock.json has an address for node_modules/b',
    ]);
  });

  it('names packages and no address', () => {
    const lock = json('package-lock.json');
    expect(Object.keys((lock as { packages: object }).packages).length).toBeGreaterThan(100);
    expect(lockProblems(lock)).toEqual([]);
  });
});

function json(name: string): object {
  return JSON.parse(readFileSync(join(ROOT, name), 'utf8')) as object;
}
