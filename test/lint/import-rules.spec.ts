import { itReports, type Case } from './planted';

const uses = (name: string, source: string) =>
  `import { ${name} } from '${source}';\nexport const used = ${name};\n`;
const API = 'apps/api/src';

const BETWEEN_UNITS: readonly Case[] = [
  {
    rule: 'haru/libs-never-import-apps',
    what: 'a library that imports an app',
    bad: ['libs/http/src/*.ts', uses('x', '../../../apps/api/src/studies/x')],
    good: ['libs/http/src/*.ts', uses('x', './x')],
  },
  {
    rule: 'haru/libs-never-import-apps',
    what: 'a type that a library takes from an app',
    bad: ['libs/http/src/*.ts', "export type X = import('../../../apps/api/src/x').X;\n"],
    good: ['libs/http/src/*.ts', "export type X = import('./x').X;\n"],
  },
  {
    rule: 'haru/apps-stay-apart',
    what: 'an app that imports another app',
    bad: ['apps/deploy/src/shell/*.ts', uses('x', '../../../api/src/x')],
    good: ['apps/deploy/src/shell/*.ts', uses('x', '../cli')],
  },
  {
    rule: 'haru/kernel-depends-on-nothing',
    what: 'a kernel that imports another library',
    bad: ['libs/kernel/src/*.ts', uses('advance', '@app/pomodoro')],
    good: ['libs/kernel/src/*.ts', uses('Clock', './clock')],
  },
  {
    rule: 'haru/kernel-depends-on-nothing',
    what: 'a kernel that imports a package',
    bad: ['libs/kernel/src/*.ts', uses('z', 'zod')],
    good: ['libs/kernel/src/*.ts', 'export const used = 1;\n'],
  },
  {
    rule: 'haru/kernel-depends-on-nothing',
    what: 'a pomodoro that imports more than the kernel',
    bad: ['libs/pomodoro/src/*.ts', uses('loadConfig', '@app/config')],
    good: ['libs/pomodoro/src/*.ts', uses('DomainError', '@app/kernel')],
  },
  {
    rule: 'haru/data-source-stays-in-database',
    what: 'an app that holds a DataSource',
    bad: [`${API}/studies/*.service.ts`, uses('DataSource', 'typeorm')],
    good: ['libs/database/src/*.ts', uses('DataSource', 'typeorm')],
  },
  {
    rule: 'haru/data-source-stays-in-database',
    what: 'the whole of typeorm under another name',
    bad: [`${API}/studies/*.service.ts`, "import * as orm from 'typeorm';\nexport const used = orm;\n"],
    good: [`${API}/studies/*.service.ts`, uses('EntityManager', 'typeorm')],
  },
  {
    rule: 'haru/data-source-stays-in-database',
    what: 'an injected data source',
    bad: [`${API}/studies/*.service.ts`, uses('InjectDataSource', '@nestjs/typeorm')],
    good: [`${API}/studies/*.module.ts`, uses('TypeOrmModule', '@nestjs/typeorm')],
  },
  {
    rule: 'haru/bootstrap-uses-built-ins',
    what: 'a start script that needs node_modules',
    bad: ['scripts/lib/*.mjs', uses('createPool', 'mysql2')],
    good: [
      'scripts/lib/*.mjs',
      "import { join } from 'node:path';\nexport const later = [join, () => import('mysql2')];\n",
    ],
  },
];

const LAYERS: readonly Case[] = [
  ['controller', 'repository', 'service'],
  ['controller', 'entity', 'rules'],
  ['gateway', 'repository', 'service'],
  ['gateway', 'entity', 'errors'],
  ['service', 'controller', 'repository'],
  ['service', 'gateway', 'entity'],
  ['service', 'module', 'query'],
  ['repository', 'service', 'entity'],
  ['query', 'service', 'rules'],
  ['entity', 'repository', 'rules'],
  ['entity', 'dto', 'errors'],
  ['dto', 'service', 'entity'],
  ['rules', 'entity', 'errors'],
].map(([from, up, down]) => ({
  rule: 'haru/layers-point-down',
  what: `a ${from} that imports a ${up}`,
  bad: [`${API}/studies/*.${from}.ts`, uses('x', `./study.${up}`)],
  good: [`${API}/studies/*.${from}.ts`, uses('x', `./study.${down}`)],
}));

const FEATURES: readonly Case[] = ['repository', 'entity'].map((layer) => ({
  rule: 'haru/features-keep-to-themselves',
  what: `a ${layer} of another feature`,
  bad: [`${API}/rooms/*.service.ts`, uses('x', `../studies/study.${layer}`)],
  good: [`${API}/rooms/*.service.ts`, uses('x', '../studies/study.service')],
}));

const PURE: readonly Case[] = [
  ['libs/kernel/src/*.ts', '@nestjs/common'],
  ['libs/pomodoro/src/*.ts', 'node:fs'],
  ['apps/deploy/src/core/*.ts', 'fs'],
  ['apps/deploy/src/core/*.ts', 'mysql2/promise'],
  ['apps/deploy/src/core/*.ts', '../shell/journal'],
  ['apps/api/src/studies/*.rules.ts', 'typeorm'],
  ['apps/api/src/studies/*.rules.ts', './study.view'],
].map(([path = '', source = '']) => ({
  rule: 'haru/pure-code-imports-pure-code',
  what: `${source} in ${path}`,
  bad: [path, uses('x', source)],
  good: [path, uses('x', './other.rules')],
}));

/** The module that stands on the other side of each planted cycle. */
const CYCLES: readonly Case[] = [
  {
    rule: 'import-x/no-cycle',
    what: 'two files that import each other',
    bad: [`${API}/ring/two.ts`, "import { one } from './one';\nexport const two = () => one;\n"],
    good: [`${API}/ring/alone.ts`, uses('two', './two')],
  },
  {
    rule: 'import-x/no-cycle',
    what: 'a cycle of three files',
    bad: [`${API}/ring/c.ts`, "import { a } from './a';\nexport const c = () => a;\n"],
    good: [`${API}/ring/end.ts`, 'export const end = 1;\n'],
  },
  {
    rule: 'import-x/no-cycle',
    what: 'a cycle through @app/…, as the paths of tsconfig.json resolve it',
    bad: [
      'libs/config/src/ring.ts',
      "import { back } from '@app/database';\nexport const ring = () => back;\n",
    ],
    good: ['libs/config/src/line.ts', uses('end', '@app/kernel')],
  },
  {
    rule: 'import-x/no-cycle',
    what: 'two scripts that import each other',
    bad: ['scripts/lib/two.mjs', "import { one } from './one.mjs';\nexport const two = () => one;\n"],
    good: ['scripts/lib/alone.mjs', uses('two', './two.mjs')],
  },
];

describe('The import rules', () => {
  itReports(
    [...BETWEEN_UNITS, ...LAYERS, ...FEATURES, ...PURE, ...CYCLES],
    [
      [`${API}/ring/one.ts`, "import { two } from './two';\nexport const one = () => two;\n"],
      [`${API}/ring/a.ts`, "import { b } from './b';\nexport const a = () => b;\n"],
      [`${API}/ring/b.ts`, "import { c } from './c';\nexport const b = () => c;\n"],
      ['libs/database/src/index.ts', "export * from './back';\n"],
      ['libs/database/src/back.ts', "import { ring } from '@app/config';\nexport const back = () => ring;\n"],
      ['libs/config/src/index.ts', "export * from './ring';\n"],
      ['libs/kernel/src/index.ts', 'export const end = 1;\n'],
      ['scripts/lib/one.mjs', "import { two } from './two.mjs';\nexport const one = () => two;\n"],
    ],
  );
});
