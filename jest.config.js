const { existsSync, readFileSync } = require('node:fs');

const swc = JSON.parse(readFileSync(`${__dirname}/.swcrc`, 'utf8'));

// Nest 12 and Fastify's plugins are ES modules; Jest on Node 20 can load them only when they are transformed.
// A package missing here shows as Nest's misleading 'The "@fastify/static" package is missing'.
const ES_MODULES = [
  '@nestjs',
  '@fastify',
  '@borewit',
  '@tokenizer',
  'content-disposition',
  'cookie',
  'file-type',
  'jose',
  'nestjs-pino',
  'oauth4webapi',
  'openid-client',
  'strtok3',
  'token-types',
  'uint8array-extras',
];

// Only root of a Debian or Ubuntu may boot a second system beside its own.
const canBootSystems = process.getuid?.() === 0 && existsSync('/etc/debian_version');

module.exports = {
  testEnvironment: 'node',
  rootDir: __dirname,
  roots: ['<rootDir>/apps', '<rootDir>/libs', '<rootDir>/test'],
  testRegex: '\\.(spec|e2e-spec)\\.ts$',
  moduleFileExtensions: ['ts', 'js', 'mjs', 'json'],
  moduleNameMapper: { '^@app/(kernel|pomodoro|config|database)$': '<rootDir>/libs/$1/src' },
  testPathIgnorePatterns: ['/node_modules/', '/dist/', ...(canBootSystems ? [] : ['/test/second-system/'])],
  transform: {
    '\\.(t|j|mj)s$': ['@swc/jest', { ...swc, swcrc: false, jsc: { ...swc.jsc, baseUrl: __dirname } }],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${ES_MODULES.join('|')})/)`],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  testTimeout: 60_000,
};
