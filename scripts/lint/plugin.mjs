// @ts-check
import { relative, sep } from 'node:path';
import { LAWS, placeOf, targetOf } from './layers.mjs';

/** @typedef {import('eslint').Rule.RuleModule} Rule */
/** @typedef {any} Node a node of typescript-eslint's tree, which ESLint's own types do not know */

/** Selectors for what the project never writes. Each is a rule of its own, so that one file can be let off one of them. */
const NEVER = {
  'no-process-env': {
    message: 'Only libs/config reads the environment.',
    selectors: [
      "MemberExpression[object.name='process']:matches([property.name='env'], [property.value='env'])",
      "MemberExpression[object.property.name='process'][property.name='env']",
      "VariableDeclarator[init.name='process'] > ObjectPattern > Property[key.name='env']",
      "ImportDeclaration[source.value=/^(node:)?process$/] > ImportSpecifier[imported.name='env']",
    ],
  },
  'no-forward-ref': {
    message: 'forwardRef hides a cycle: find what both sides need and give it a place of its own.',
    selectors: [
      "ImportSpecifier[imported.name='forwardRef']",
      "MemberExpression[property.name='forwardRef']",
    ],
  },
  'no-request-scope': {
    message: 'A request-scoped provider rebuilds everything that uses it for every request.',
    selectors: ["MemberExpression[object.name='Scope'][property.name='REQUEST']"],
  },
  'no-save': {
    message: 'save() reads the row again before it writes: use update() or insert().',
    selectors: ["CallExpression[callee.type='MemberExpression'][callee.property.name='save']"],
  },
  'no-enum': {
    message: 'Use a union of strings.',
    selectors: ['TSEnumDeclaration'],
  },
  'no-unfinished-test': {
    message: 'Every test runs: no only, skip, todo or failing.',
    selectors: [
      'MemberExpression[object.name=/^(it|test|describe)$/][property.name=/^(only|skip|todo|failing)$/]',
      "MemberExpression[object.object.name=/^(it|test)$/][object.property.name='concurrent'][property.name=/^(only|skip)$/]",
      'CallExpression[callee.name=/^(fit|fdescribe|xit|xtest|xdescribe)$/]',
    ],
  },
};

/** @param {{ message: string, selectors: readonly string[] }} pattern @returns {Rule} */
function never({ message, selectors }) {
  const selector = selectors.join(', ');
  return {
    create: (context) => ({ [selector]: (/** @type {Node} */ node) => context.report({ node, message }) }),
  };
}

/** @param {import('eslint').Rule.RuleContext} context @returns {string} from the project's root, with slashes */
const fileOf = (context) => relative(context.cwd, context.filename).split(sep).join('/');

/** @param {(typeof LAWS)[string]} law @returns {Rule} */
function lawRule({ message, isBrokenBy }) {
  return {
    create(context) {
      const file = fileOf(context);
      const from = placeOf(file);
      /** @param {Node} node @param {Node} literal @param {readonly string[]} names */
      const check = (node, literal, names, isDynamic = false) => {
        if (typeof literal?.value !== 'string') return;
        const source = literal.value;
        const found = { from, source, to: targetOf(file, source), names, isDynamic };
        if (isBrokenBy(found)) context.report({ node, message });
      };
      return importVisitor(check);
    },
  };
}

/**
 * Calls back for every way in which a file can name another one.
 *
 * @param {(node: Node, literal: Node, names: readonly string[], isDynamic?: boolean) => void} check
 * @returns {Record<string, (node: Node) => void>}
 */
function importVisitor(check) {
  return {
    ImportDeclaration: (node) => check(node, node.source, node.specifiers.map(importedName)),
    ExportNamedDeclaration: (node) => check(node, node.source, node.specifiers.map(importedName)),
    ExportAllDeclaration: (node) => check(node, node.source, ['*']),
    ImportExpression: (node) => check(node, node.source, ['*'], true),
    TSImportType: (node) => check(node, node.source, [node.qualifier?.name ?? '*']),
    TSExternalModuleReference: (node) => check(node, node.expression, ['*']),
    "CallExpression[callee.name='require']": (node) => check(node, node.arguments[0], ['*']),
  };
}

/** @param {Node} specifier */
function importedName(specifier) {
  const name = specifier.type === 'ExportSpecifier' ? specifier.local : specifier.imported;
  return name?.name ?? name?.value ?? '*';
}

const TEST_BLOCK = /^(describe|it|test|beforeAll|beforeEach|afterAll|afterEach)$/;

/** @param {Node} callee @returns {string | undefined} `it` of `it(…)`, `it.each(…)(…)` and it.each`…`(…) */
function rootName(callee) {
  if (callee.type === 'Identifier') return callee.name;
  const inner = callee.object ?? callee.callee ?? callee.tag;
  return inner && rootName(inner);
}

/** @param {Node} node */
const isTestBlock = ({ parent }) =>
  parent.type === 'CallExpression' && TEST_BLOCK.test(rootName(parent.callee) ?? '');

/**
 * Unlike ESLint's own rule it measures the function alone, without the decorators of a method, and lets the callbacks
 * of test blocks be: they are lists.
 *
 * @type {Rule}
 */
const functionLines = {
  meta: { schema: [{ type: 'object', properties: { max: { type: 'integer' } }, required: ['max'] }] },
  create(context) {
    const { max } = context.options[0];
    const isSpec = placeOf(fileOf(context)).isTest;
    const check = (/** @type {Node} */ node) => {
      const lines = node.loc.end.line - node.loc.start.line + 1;
      if (lines <= max || (isSpec && isTestBlock(node))) return;
      context.report({ node, message: `This function has ${lines} lines; at most ${max} are allowed.` });
    };
    return { FunctionDeclaration: check, FunctionExpression: check, ArrowFunctionExpression: check };
  },
};

/** A barrel by its content, whatever it is called. @type {Rule} */
const noBarrel = {
  create(context) {
    if (/^libs\/[^/]+\/src\/index\.ts$/.test(fileOf(context))) return {};
    const message =
      "A file that exports another one's things hides who uses what: only a library's src/index.ts does.";
    const report = (/** @type {Node} */ node) => context.report({ node, message });
    return { ExportAllDeclaration: report, 'ExportNamedDeclaration[source]': report };
  },
};

/** @type {Rule} */
const excusesHaveReasons = {
  create(context) {
    const message = 'Say after ` -- ` why the rule does not hold here.';
    const comments = context.sourceCode
      .getAllComments()
      .filter(({ value }) => /^\s*eslint-disable/.test(value));
    return {
      Program: () =>
        comments
          .filter(({ value }) => !/ -- \S/.test(value))
          .forEach(({ loc }) => loc && context.report({ loc, message })),
    };
  },
};

/** @template T, U @param {Readonly<Record<string, T>>} table @param {(entry: T) => U} change */
const mapValues = (table, change) =>
  Object.fromEntries(Object.entries(table).map(([name, entry]) => [name, change(entry)]));

/** The project's own rules, under the name `haru/…`. */
export const haru = {
  meta: { name: 'haru', version: '1.0.0' },
  rules: {
    ...mapValues(LAWS, lawRule),
    ...mapValues(NEVER, never),
    'function-lines': functionLines,
    'no-barrel': noBarrel,
    'excuses-have-reasons': excusesHaveReasons,
  },
};

/** Every import rule, switched on. */
export const lawsOn = Object.fromEntries(Object.keys(LAWS).map((name) => [`haru/${name}`, 'error']));
