import { Injectable } from '@nestjs/common';
import { Statements, type Parameter } from '@app/database';

/** A list of the administrators: what its rows are, and which of them. */
export interface List {
  /** Table, or tables joined, whose rows are listed. */
  readonly tables: string;
  /** Column that the rows are in the order of: unique, with an index. */
  readonly key: string;
  readonly columns: string;
  /** Condition on the rows; none: all of them. */
  readonly where?: string;
  /** Index to find them by, where the database would rather walk through all rows in the order of the key. */
  readonly index?: string;
  readonly parameters?: readonly Parameter[];
}

/** Rows in the middle of a list. */
export interface Slice {
  readonly offset: number;
  readonly limit: number;
  /** Rows of the whole list. */
  readonly total: number;
}

/** Reads that cross features: two statements for a page, however long the list is. */
@Injectable()
export class ListQueries {
  constructor(private readonly statements: Statements) {}

  async count({ tables, where = 'TRUE', parameters = [] }: List): Promise<number> {
    const sql = `SELECT COUNT(*) AS total FROM ${tables} WHERE ${where}`;
    return (await this.statements.select<{ total: number }>(sql, parameters))[0]?.total ?? 0;
  }

  /**
   * Reads rows by their place. Whole rows are read of the page only, and what lies behind the middle is counted from
   * the end: the last page costs what the first one costs.
   */
  async slice<Row>(list: List, { offset, limit, total }: Slice): Promise<Row[]> {
    const rows = Math.min(limit, total - offset);
    if (rows <= 0) return [];
    const behind = total - offset - rows;
    const [order, skipped] = behind < offset ? ['DESC', behind] : ['ASC', offset];
    const { tables, key, columns, where = 'TRUE', index, parameters = [] } = list;
    const hint = index === undefined ? '' : `FORCE INDEX (${index})`;
    const keys = `SELECT ${key} AS found FROM ${tables} ${hint} WHERE ${where} ORDER BY ${key} ${order} LIMIT ? OFFSET ?`;
    const sql = `SELECT ${columns} FROM (${keys}) k JOIN ${tables} ON ${key} = k.found ORDER BY ${key}`;
    // As text: MySQL takes no floating-point number after LIMIT, and the driver sends numbers as such.
    return this.statements.select<Row>(sql, [...parameters, String(rows), String(skipped)]);
  }

  /** @returns its name; `undefined` when no study has this id */
  async studyName(studyId: number): Promise<string | undefined> {
    const sql = 'SELECT name FROM study WHERE id = ?';
    return (await this.statements.select<{ name: string }>(sql, [studyId]))[0]?.name;
  }
}
