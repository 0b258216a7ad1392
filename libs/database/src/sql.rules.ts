/** What a reader of SQL leaves aside: texts, names in backticks, comments. `/*!` is no comment: servers execute it. */
const ASIDE =
  /'(?:[^'\\]|\\[\s\S]|'')*'|"(?:[^"\\]|\\[\s\S]|"")*"|`([^`]*)`|--(?:[ \t][^\n]*|(?=\n|$))|#[^\n]*|\/\*(?!!)[\s\S]*?\*\//g;

/**
 * The statements of a piece of SQL without what could be mistaken for keywords: texts are empty, comments and the quotes
 * of names are gone, blanks are single.
 */
export function statementsOf(sql: string): readonly string[] {
  const bare = sql.replace(ASIDE, (found, name: string | undefined) => {
    if (name !== undefined) return name;
    return found.startsWith("'") || found.startsWith('"') ? "''" : ' ';
  });
  return bare
    .split(';')
    .map((statement) => statement.replace(/\s+/g, ' ').trim())
    .filter((statement) => statement !== '');
}

/** The parts of a list by comma; commas inside of brackets do not count. */
export function partsOf(list: string): readonly string[] {
  const parts = [''];
  let depth = 0;
  for (const character of list) {
    if (character === '(') depth += 1;
    if (character === ')') depth -= 1;
    if (character === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += character;
  }
  return parts.map((part) => part.trim());
}
