// @ts-check
import { isBuiltin } from 'node:module';
import { posix } from 'node:path';

/** Code without effects: the same rules bind its imports (here) and its globals (eslint.config.mjs). */
export const PURE = Object.freeze({
  folders: Object.freeze(['libs/kernel/src', 'libs/pomodoro/src', 'apps/deploy/src/core']),
  suffixes: Object.freeze(['rules']),
});

/** The only packages pure code may use: it describes values and does nothing. */
const PURE_PACKAGES = new Set(['zod']);

/** Who may import whom inside a feature: a file never imports one that stands higher. */
const HEIGHT = Object.freeze({
  module: 7,
  controller: 6,
  gateway: 6,
  service: 5,
  repository: 4,
  query: 4,
  dto: 3,
  entity: 2,
  rules: 1,
});

/** Only a service hands rows to the edge. */
const BELOW_THE_SERVICE = new Set(['repository', 'query', 'entity']);

/**
 * A file of the project, seen by its name alone.
 *
 * @typedef {object} Place
 * @property {string} path from the project's root, without an extension
 * @property {'apps' | 'libs' | 'other'} area
 * @property {string | undefined} unit name of the app or library
 * @property {string | undefined} feature first folder below `src` of an app
 * @property {string} layer suffix of the name, such as `service`; '' without one
 * @property {boolean} isPure
 * @property {boolean} isTest
 */

/**
 * @typedef {object} Import
 * @property {Place} from
 * @property {string} source as it is written
 * @property {Place | undefined} to undefined for a package or a built-in module
 * @property {readonly string[]} names imported names; '*' for the whole module
 * @property {boolean} isDynamic whether it is loaded only when the line runs
 */

/**
 * @param {string} file from the project's root, with forward slashes
 * @returns {Place}
 */
export function placeOf(file) {
  const path = file.replace(/\.(m?[jt]s)$/, '');
  const [area, unit, src, first, ...rest] = path.split('/');
  const isTest = area === 'test' || /\.(e2e-)?spec$/.test(path);
  const layer = rest.includes('dto') || first === 'dto' ? 'dto' : (/\.([a-z]+)$/.exec(path)?.[1] ?? '');
  const isPure =
    PURE.suffixes.includes(layer) || PURE.folders.some((folder) => `${path}/`.startsWith(`${folder}/`));
  return {
    path,
    area: area === 'apps' || area === 'libs' ? area : 'other',
    unit,
    feature: area === 'apps' && src === 'src' && rest.length > 0 ? first : undefined,
    layer,
    isPure: isPure && !isTest,
    isTest,
  };
}

/**
 * @param {string} file the importing file, from the project's root
 * @param {string} source as it is written in the import
 * @returns {Place | undefined} undefined for a package or a built-in module
 */
export function targetOf(file, source) {
  if (source.startsWith('.')) return placeOf(posix.join(posix.dirname(file), source));
  const library = /^@app\/([^/]+)/.exec(source)?.[1];
  return library === undefined ? undefined : placeOf(`libs/${library}/src/index`);
}

/** @param {Place} from @param {Place} to */
const isSameUnit = (from, to) => from.area === to.area && from.unit === to.unit;

/** @param {Place} place */
const heightOf = (place) => /** @type {Readonly<Record<string, number>>} */ (HEIGHT)[place.layer] ?? 0;

/**
 * The import rules of docs/architecture.md: for each a name and the question whether an import breaks it.
 *
 * @type {Readonly<Record<string, { message: string, isBrokenBy: (found: Import) => boolean }>>}
 */
export const LAWS = Object.freeze({
  'libs-never-import-apps': {
    message: 'A library never imports an app: move what both need into a library.',
    isBrokenBy: ({ from, to }) => from.area === 'libs' && to?.area === 'apps',
  },
  'apps-stay-apart': {
    message: 'An app never imports another app: what two apps need is a library.',
    isBrokenBy: ({ from, to }) => from.area === 'apps' && to?.area === 'apps' && !isSameUnit(from, to),
  },
  'layers-point-down': {
    message:
      'controller/gateway -> service -> repository -> entity -> rules: never back, and no way round the service.',
    isBrokenBy: ({ from, to }) => !from.isTest && to !== undefined && pointsUp(from, to),
  },
  'pure-code-imports-pure-code': {
    message: 'Pure code imports only pure code: no Nest, TypeORM or node:*, and nothing that has effects.',
    isBrokenBy: ({ from, to, source }) =>
      from.isPure && !(to ? isWithoutEffects(to) : PURE_PACKAGES.has(source)),
  },
  'kernel-depends-on-nothing': {
    message: 'libs/kernel imports nothing but itself; libs/pomodoro nothing but itself and the kernel.',
    isBrokenBy: ({ from, to }) => !from.isTest && from.area === 'libs' && leavesItsCore(from, to),
  },
  'features-keep-to-themselves': {
    message:
      "Another feature's repository or entity is its own business: use its service, its events or a query.",
    isBrokenBy: ({ from, to }) => !from.isTest && to !== undefined && reachesIntoFeature(from, to),
  },
  'data-source-stays-in-database': {
    message: 'Only libs/database holds a DataSource: ask its Transactor.',
    isBrokenBy: ({ from, source, names }) =>
      from.area !== 'other' && from.unit !== 'database' && takesDataSource(source, names),
  },
  'bootstrap-uses-built-ins': {
    message: 'This script runs before node_modules exists: built-in modules and other such scripts only.',
    isBrokenBy: ({ from, to, source, isDynamic }) =>
      /^scripts\/(lib\/)?[^/]+$/.test(from.path) && !to && !isDynamic && !isBuiltin(source),
  },
});

/** An error is a name and a code: whoever may throw may import it. @param {Place} place */
const isWithoutEffects = ({ isPure, layer }) => isPure || layer === 'errors';

/** @param {Place} from @param {Place} to */
function pointsUp(from, to) {
  const isEdge = from.layer === 'controller' || from.layer === 'gateway';
  if (isEdge && BELOW_THE_SERVICE.has(to.layer)) return true;
  return from.layer in HEIGHT && heightOf(to) > heightOf(from);
}

/** @param {Place} from @param {Place | undefined} to */
function leavesItsCore(from, to) {
  if (from.unit !== 'kernel' && from.unit !== 'pomodoro') return false;
  const allowed = from.unit === 'kernel' ? ['kernel'] : ['kernel', 'pomodoro'];
  return to?.area !== 'libs' || !allowed.includes(to.unit ?? '');
}

/** @param {Place} from @param {Place} to */
function reachesIntoFeature(from, to) {
  if (from.feature === undefined || to.feature === undefined) return false;
  const isOther = !isSameUnit(from, to) || from.feature !== to.feature;
  return isOther && (to.layer === 'repository' || to.layer === 'entity');
}

/** @param {string} source @param {readonly string[]} names */
function takesDataSource(source, names) {
  if (source !== 'typeorm' && source !== '@nestjs/typeorm') return false;
  return names.some((name) => ['*', 'DataSource', 'InjectDataSource', 'getDataSourceToken'].includes(name));
}
