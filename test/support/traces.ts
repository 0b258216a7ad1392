import type { TestApi } from './api';

interface Column {
  readonly table: string;
  readonly column: string;
}

const TEXTS =
  'SELECT TABLE_NAME AS `table`, COLUMN_NAME AS `column` FROM information_schema.COLUMNS ' +
  "WHERE TABLE_SCHEMA = DATABASE() AND DATA_TYPE REGEXP 'char|text|blob|binary|json' ORDER BY 1, 2";
const REFERENCES =
  'SELECT TABLE_NAME AS `table`, COLUMN_NAME AS `column` FROM information_schema.COLUMNS ' +
  "WHERE TABLE_SCHEMA = DATABASE() AND (COLUMN_NAME = 'member_id' OR COLUMN_NAME = 'creator_id') ORDER BY 1, 2";

/**
 * Looks for a text in every column of every table that can hold one, whoever has made the table.
 *
 * @returns where it is, as `table.column`
 */
export function tracesOf({ sql }: Pick<TestApi, 'sql'>, text: string): Promise<string[]> {
  return columnsWhere(sql, TEXTS, (column) => [
    `INSTR(CAST(${column} AS BINARY), CAST(? AS BINARY)) > 0`,
    text,
  ]);
}

/** Where rows point at a member, as `table.column`. */
export function referencesTo({ sql }: Pick<TestApi, 'sql'>, memberId: number): Promise<string[]> {
  return columnsWhere(sql, REFERENCES, (column) => [`${column} = ?`, memberId]);
}

async function columnsWhere(
  sql: TestApi['sql'],
  columns: string,
  condition: (column: string) => readonly [string, string | number],
): Promise<string[]> {
  const found: string[] = [];
  for (const { table, column } of await sql<Column>(columns)) {
    const [where, value] = condition(`\`${column}\``);
    const rows = await sql(`SELECT 1 FROM \`${table}\` WHERE ${where} LIMIT 1`, [value]);
    if (rows.length > 0) found.push(`${table}.${column}`);
  }
  return found;
}
