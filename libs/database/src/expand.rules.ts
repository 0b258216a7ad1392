import { partsOf, statementsOf } from './sql.rules';

const HARMLESS = /^(SELECT|SHOW|SET|DO|ANALYZE|INSERT|UPDATE)\b/i;
const NEW_TABLE = /^CREATE TABLE (?:IF NOT EXISTS )?([\w.$]+)/i;
const NEW_INDEX =
  /^CREATE ((?:UNIQUE|FULLTEXT|SPATIAL) )?INDEX (?:IF NOT EXISTS )?\S+ ON ([\w.$]+) ?(\(.*\))/i;
const ALTER = /^ALTER TABLE (?:IF EXISTS )?([\w.$]+) (.*)$/i;

const OPTION = /^(ALGORITHM|LOCK) ?=/i;
const PLAIN_KEY = /^ADD (?:(?:FULLTEXT|SPATIAL) )?(?:INDEX|KEY)\b/i;
const CONSTRAINT =
  /^ADD (?:CONSTRAINT (?:(?!UNIQUE|FOREIGN|PRIMARY|CHECK)\S+ )?)?(UNIQUE|FOREIGN KEY|PRIMARY KEY|CHECK)\b[^(]*(\(.*)$/i;
const COLUMNS = /^ADD (?:COLUMN )?\((.*)\)$/i;
const COLUMN = /^ADD (?:COLUMN )?(?:IF NOT EXISTS )?(\w+) (.*)$/i;
const DEFAULT = /^ALTER (?:COLUMN )?\w+ SET DEFAULT\b/i;

const WHY: Readonly<Record<string, string>> = {
  DROP: 'it takes away what the release before may use',
  TRUNCATE: 'it takes away what the release before may use',
  DELETE: 'it takes away what the release before may use',
  REPLACE: 'it takes away what the release before may use',
  RENAME: 'the release before knows the old name',
  CHANGE: 'it may narrow what the release before writes',
  MODIFY: 'it may narrow what the release before writes',
};

/**
 * Judges the statements of one expand migration: it runs while the release before serves, so it may only add. Everything
 * that is not known to only add counts as destructive. What belongs to a table or column that the migration itself has
 * made is free.
 */
export class ExpandJudge {
  private readonly tables = new Set<string>();
  private readonly columns = new Set<string>();

  /** @returns why the SQL has no place in an expand migration; null: it only adds */
  judge(sql: string): string | null {
    const problems = statementsOf(sql).map((statement) => this.judgeStatement(statement));
    return problems.find((problem) => problem !== null) ?? null;
  }

  private judgeStatement(statement: string): string | null {
    const table = NEW_TABLE.exec(statement)?.[1];
    if (table !== undefined) this.tables.add(nameOf(table));
    if (table !== undefined || HARMLESS.test(statement)) return null;
    const index = NEW_INDEX.exec(statement);
    if (index) {
      const [, kind = '', on = '', columns = ''] = index;
      const isFree = kind.trim().toUpperCase() !== 'UNIQUE' || this.isOwn(on, columns);
      return isFree ? null : complain(statement, CONSTRAINS);
    }
    const [, altered, changes = ''] = ALTER.exec(statement) ?? [];
    if (altered === undefined) return complain(statement, WHY[firstWord(statement)] ?? UNKNOWN);
    const why = partsOf(changes).map((change) => this.judgeChange(nameOf(altered), change));
    const found = why.find((one) => one !== null) ?? null;
    return found === null ? null : complain(statement, found);
  }

  private judgeChange(table: string, change: string): string | null {
    if (OPTION.test(change) || PLAIN_KEY.test(change) || DEFAULT.test(change)) return null;
    const constraint = CONSTRAINT.exec(change);
    if (constraint) {
      const [, kind = '', columns = ''] = constraint;
      const canBeOwn = ['UNIQUE', 'FOREIGN KEY'].includes(kind.toUpperCase());
      return this.tables.has(table) || (canBeOwn && this.isOwn(table, columns)) ? null : CONSTRAINS;
    }
    const several = COLUMNS.exec(change)?.[1];
    const columns = several === undefined ? [change] : partsOf(several).map((column) => `ADD ${column}`);
    const why = columns.map((column) => this.judgeColumn(table, column));
    return why.find((one) => one !== null) ?? null;
  }

  private judgeColumn(table: string, change: string): string | null {
    const [, column, definition = ''] = COLUMN.exec(change) ?? [];
    if (column === undefined) return WHY[firstWord(change)] ?? UNKNOWN;
    this.columns.add(`${table}.${column.toLowerCase()}`);
    if (this.tables.has(table) || !/\bNOT NULL\b/i.test(definition)) return null;
    const isFilled = /\bDEFAULT\b|\bAUTO_INCREMENT\b|\bAS ?\(/i.test(definition);
    return isFilled ? null : 'NOT NULL without a DEFAULT: the release before leaves it out when it writes';
  }

  /** A key on a table of its own, or with a column of its own, which the release before leaves at NULL or its default. */
  private isOwn(table: string, columns: string): boolean {
    const name = nameOf(table);
    if (this.tables.has(name)) return true;
    const list = columns.slice(columns.indexOf('(') + 1, columns.indexOf(')'));
    return partsOf(list).some((column) => this.columns.has(`${name}.${firstWord(column).toLowerCase()}`));
  }
}

const CONSTRAINS = 'it refuses what the release before may write';
const UNKNOWN = 'it is not known to only add';

function complain(statement: string, why: string): string {
  return `\`${statement.length > 120 ? `${statement.slice(0, 120)} …` : statement}\`: ${why}`;
}

function firstWord(text: string): string {
  return (/^\w+/.exec(text)?.[0] ?? '').toUpperCase();
}

function nameOf(table: string): string {
  return table.toLowerCase();
}
