// @ts-check
import { createNodeResolver, importX } from 'eslint-plugin-import-x';
import { defineConfig, globalIgnores } from 'eslint/config';
import { join } from 'node:path';
import tseslint from 'typescript-eslint';
import { BUDGETS } from './scripts/lint/budgets.mjs';
import { PURE } from './scripts/lint/layers.mjs';
import { haru, lawsOn } from './scripts/lint/plugin.mjs';

const root = import.meta.dirname;
const SPECS = ['**/*.spec.ts', '**/*.e2e-spec.ts', 'test/**'];
const PURE_FILES = [
  ...PURE.folders.map((folder) => `${folder}/**/*.ts`),
  ...PURE.suffixes.map((suffix) => `**/*.${suffix}.ts`),
];

/**
 * The compiler's own exception: a parameter that only the position needs is called `_…`.
 *
 * @type {['error', object]}
 */
const UNUSED = ['error', { argsIgnorePattern: '^_' }];

const TIMERS = [
  'setTimeout',
  'setInterval',
  'setImmediate',
  'clearTimeout',
  'clearInterval',
  'queueMicrotask',
];
const EFFECTS = ['Date', 'process', 'fetch', 'WebSocket', 'performance', 'console', 'require', ...TIMERS];

export default defineConfig(
  globalIgnores(['dist/', '.data/', 'coverage/', 'releases/']),
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    name: 'every file',
    files: ['**/*.{ts,mjs,js}'],
    plugins: { haru, 'import-x': /** @type {any} */ (importX) },
    settings: {
      'import-x/extensions': ['.ts', '.mjs', '.js'],
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts'] },
      'import-x/resolver-next': [
        createNodeResolver({
          extensions: ['.ts', '.mjs', '.js', '.json'],
          tsconfig: { configFile: join(root, 'tsconfig.json') },
        }),
      ],
    },
    rules: {
      ...lawsOn,
      'import-x/no-cycle': ['error', { ignoreExternal: true }],
      'max-lines': ['error', BUDGETS.fileLines],
      'haru/function-lines': ['error', { max: BUDGETS.functionLines }],
      'haru/no-barrel': 'error',
      'haru/excuses-have-reasons': 'error',
      eqeqeq: 'error',
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  { name: 'scripts', files: ['**/*.{mjs,js}'], rules: { 'no-unused-vars': UNUSED } },
  {
    name: 'typescript',
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommended],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: root } },
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': UNUSED,
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/await-thenable': 'error',
      '@typescript-eslint/prefer-readonly': 'error',
      'import-x/no-default-export': 'error',
      'haru/no-enum': 'error',
      'haru/no-forward-ref': 'error',
      'haru/no-request-scope': 'error',
    },
  },
  {
    name: 'settings',
    files: ['{apps,libs}/**/*.ts'],
    ignores: ['libs/config/**'],
    rules: { 'haru/no-process-env': 'error' },
  },
  {
    name: 'logs, not prints',
    files: ['{apps/api,libs}/**/*.ts'],
    ignores: SPECS,
    rules: { 'no-console': 'error' },
  },
  { name: 'writes', files: ['apps/api/src/**/*.ts'], ignores: SPECS, rules: { 'haru/no-save': 'error' } },
  {
    name: 'what comes in is checked',
    files: ['**/*.controller.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          paths: [
            {
              name: '@nestjs/common',
              importNames: ['Body', 'Query', 'Param'],
              message: 'These check nothing: take CheckedBody, CheckedQuery, PathId or QueryId of ../http.',
            },
          ],
        },
      ],
    },
  },
  { name: 'specs', files: SPECS, rules: { 'haru/no-unfinished-test': 'error' } },
  {
    name: 'pure code',
    files: PURE_FILES,
    ignores: SPECS,
    rules: {
      'no-restricted-globals': [
        'error',
        { globals: EFFECTS, checkGlobalObject: true, globalObjects: ['global'] },
      ],
      'no-restricted-properties': ['error', { object: 'Math', property: 'random' }],
    },
  },
);
