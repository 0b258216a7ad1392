import { itReports, type Case, type Plant } from './planted';

const SERVICE = 'apps/api/src/studies/*.service.ts';
const RULES = 'apps/api/src/studies/*.rules.ts';
const SPEC = 'apps/api/src/studies/*.spec.ts';

const one = (rule: string, what: string, bad: Plant, good: Plant): Case => ({ rule, what, bad, good });

const TYPES: readonly Case[] = [
  one(
    '@typescript-eslint/no-explicit-any',
    'any',
    [SERVICE, 'export const f = (x: any): unknown => x;\n'],
    [SERVICE, 'export const f = (x: unknown): unknown => x;\n'],
  ),
  one(
    '@typescript-eslint/no-floating-promises',
    'a promise that nobody waits for',
    [SERVICE, 'const g = async () => 1;\nexport const f = () => {\n  g();\n};\n'],
    [SERVICE, 'const g = async () => 1;\nexport const f = async () => {\n  await g();\n};\n'],
  ),
  one(
    '@typescript-eslint/no-misused-promises',
    'an async function where its promise is dropped',
    [SERVICE, 'export const f = () => [1].forEach(async () => undefined);\n'],
    [SERVICE, 'export const f = () => Promise.all([1].map(async () => undefined));\n'],
  ),
  one(
    '@typescript-eslint/prefer-readonly',
    'a private field that is never written',
    [SERVICE, 'export class X {\n  private y = 1;\n  z = () => this.y;\n}\n'],
    [SERVICE, 'export class X {\n  private readonly y = 1;\n  z = () => this.y;\n}\n'],
  ),
  one(
    'haru/no-enum',
    'an enum',
    [SERVICE, 'export enum X {\n  A,\n}\n'],
    [SERVICE, "export type X = 'A';\n"],
  ),
  one(
    'import-x/no-default-export',
    'a default export',
    [SERVICE, 'export default 1;\n'],
    ['scripts/*.mjs', 'export default 1;\n'],
  ),
];

const CONTROLLER = 'apps/api/src/studies/*.controller.ts';

const INPUT: readonly Case[] = ['Body', 'Query', 'Param'].map((name) =>
  one(
    'no-restricted-imports',
    `a ${name} that nobody checks`,
    [CONTROLLER, `import { ${name} } from '@nestjs/common';\nexport const x = ${name};\n`],
    [CONTROLLER, "import { Get } from '@nestjs/common';\nexport const x = Get;\n"],
  ),
);

const ENVIRONMENT: readonly Case[] = [
  'export const x = process.env;\n',
  "export const x = process['env'].HOME;\n",
  'export const x = globalThis.process.env;\n',
  'const { env } = process;\nexport const x = env;\n',
  "import { env } from 'node:process';\nexport const x = env;\n",
].map((code) =>
  one(
    'haru/no-process-env',
    `the environment, read by ${code.split('\n')[0]}`,
    [SERVICE, code],
    ['libs/config/src/*.ts', code],
  ),
);

const NEST: readonly Case[] = [
  one(
    'haru/no-forward-ref',
    'forwardRef',
    [SERVICE, "import { forwardRef } from '@nestjs/common';\nexport const x = forwardRef;\n"],
    [SERVICE, "import { Injectable } from '@nestjs/common';\nexport const x = Injectable;\n"],
  ),
  one(
    'haru/no-forward-ref',
    'forwardRef of a namespace',
    [SERVICE, "import * as nest from '@nestjs/common';\nexport const x = nest.forwardRef;\n"],
    [SERVICE, "import * as nest from '@nestjs/common';\nexport const x = nest.Injectable;\n"],
  ),
  one(
    'haru/no-request-scope',
    'a request-scoped provider',
    [SERVICE, "import { Scope } from '@nestjs/common';\nexport const x = Scope.REQUEST;\n"],
    [SERVICE, "import { Scope } from '@nestjs/common';\nexport const x = Scope.DEFAULT;\n"],
  ),
  one(
    'haru/no-save',
    'save() of a repository',
    [SERVICE, 'export const f = (em: { save(x: object): void }) => em.save({});\n'],
    [SERVICE, 'export const f = (em: { insert(x: object): void }) => em.insert({});\n'],
  ),
];

const PRINTS: readonly Case[] = [
  one(
    'no-console',
    'a print in the API',
    [SERVICE, "console.log('x');\n"],
    ['apps/deploy/src/*.ts', "console.log('x');\n"],
  ),
  one(
    'no-console',
    'a print in a library',
    ['libs/http/src/*.ts', "console.log('x');\n"],
    ['scripts/*.mjs', "console.log('x');\n"],
  ),
];

const effect = (what: string, code: string): Case =>
  one('no-restricted-globals', `${what} in pure code`, [RULES, code], [SERVICE, code]);

const PURE: readonly Case[] = [
  one(
    'no-restricted-globals',
    'a Date made in pure code, but not one that is given',
    ['libs/pomodoro/src/*.ts', 'export const later = (at: Date) => new Date(at.getTime() + 1);\n'],
    ['libs/pomodoro/src/*.ts', 'export const later = (at: Date): number => at.getTime() + 1;\n'],
  ),
  one(
    'no-restricted-globals',
    'the present in the kernel, but not the type of an instant',
    ['libs/kernel/src/*.ts', 'export const now = () => Date.now();\n'],
    ['libs/kernel/src/*.ts', 'export abstract class X {\n  abstract now(): Date;\n}\n'],
  ),
  one(
    'no-restricted-globals',
    'a Date in the core of the deploy tool, but not in its shell',
    ['apps/deploy/src/core/*.ts', 'export const now = () => new Date();\n'],
    ['apps/deploy/src/shell/*.ts', 'export const now = () => new Date();\n'],
  ),
  effect('a timer', 'export const f = () => setTimeout(() => undefined, 1);\n'),
  effect('an interval', 'export const f = () => setInterval(() => undefined, 1);\n'),
  effect('a request', "export const f = async () => fetch('http://localhost');\n"),
  effect('the process', 'export const f = () => process.pid;\n'),
  effect('the process by way of globalThis', 'export const f = () => globalThis.process.pid;\n'),
  effect('the clock of the machine', 'export const f = () => performance.now();\n'),
  one(
    'no-restricted-properties',
    'chance in pure code',
    [RULES, 'export const f = () => Math.random();\n'],
    [RULES, 'export const f = () => Math.max(1, 2);\n'],
  ),
];

const TESTS: readonly Case[] = [
  'it.only',
  'it.skip',
  'it.todo',
  'describe.only',
  'describe.skip',
  'test.failing',
  'xit',
  'fdescribe',
].map((block) =>
  one(
    'haru/no-unfinished-test',
    block,
    [SPEC, `${block}('x', () => undefined);\n`],
    [SPEC, "it('x', () => undefined);\n"],
  ),
);

const PLACES: readonly Case[] = [
  one(
    'haru/no-barrel',
    'a barrel in an app',
    ['apps/api/src/*/index.ts', "export * from './x';\n"],
    ['libs/*/src/index.ts', "export * from './x';\n"],
  ),
  one(
    'haru/no-barrel',
    'a barrel below a library, whatever it is called',
    ['libs/*/src/deep/all.ts', "export { x } from './x';\n"],
    ['libs/*/src/deep/index.ts', "import { x } from './x';\nexport const all = [x];\n"],
  ),
  one(
    'haru/excuses-have-reasons',
    'a rule that is switched off without a reason',
    [SERVICE, '// eslint-disable-next-line eqeqeq\nexport const f = (x: unknown) => x == null;\n'],
    [
      SERVICE,
      '// eslint-disable-next-line eqeqeq -- null and undefined\nexport const f = (x: unknown) => x == null;\n',
    ],
  ),
];

describe('The habits', () => {
  itReports([...TYPES, ...INPUT, ...ENVIRONMENT, ...NEST, ...PRINTS, ...PURE, ...TESTS, ...PLACES]);
});
