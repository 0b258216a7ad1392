import * as ts from 'typescript';

/** A test as it stands in its file: its title, with the gaps (`%s`, `$name`) that `it.each` fills. */
export type TestTitle = Readonly<{ text: string; isFilled: boolean }>;

const PARTS = /%[sdifjop#%]|\$[A-Za-z_][\w.]*/;

/** @returns the titles of the tests that run; one that is skipped, or below something skipped, is none */
export function titlesIn(source: string): readonly TestTitle[] {
  const titles: TestTitle[] = [];
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const callee = node.expression.getText();
      if (/^(x|(it|test|describe)\.(skip|todo|failing))/.test(callee)) return;
      const [title] = node.arguments;
      const isTest = /^(it|test)(\.each\b|$)/.test(callee);
      if (isTest && title && ts.isStringLiteralLike(title)) {
        titles.push({ text: title.text, isFilled: callee.includes('.each') });
      }
    }
    ts.forEachChild(node, visit);
  };
  visit(ts.createSourceFile('spec.ts', source, ts.ScriptTarget.Latest, true));
  return titles;
}

/**
 * Whether a file has a test of this title. One of `it.each` may be named as it stands or as a case fills it, with words
 * that stand in the file, too.
 */
export function hasTest(source: string, wanted: string): boolean {
  return titlesIn(source).some(({ text, isFilled }) => {
    if (text === wanted) return true;
    return isFilled && fillsOf(text, wanted).some((fills) => fills.every((fill) => source.includes(fill)));
  });
}

/** What the gaps of a title would have to be; empty when it cannot be that one. */
function fillsOf(template: string, wanted: string): readonly (readonly string[])[] {
  const escaped = template.split(PARTS).map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  const match = new RegExp(`^${escaped.join('(.+)')}$`).exec(wanted);
  return match ? [match.slice(1)] : [];
}
