import { ExpandJudge } from './expand.rules';

const judge = (...statements: readonly string[]): string | null => {
  const one = new ExpandJudge();
  return statements.map((sql) => one.judge(sql)).at(-1) ?? null;
};

describe('a statement of an expand migration', () => {
  it.each([
    'CREATE TABLE IF NOT EXISTS a (id INT NOT NULL PRIMARY KEY)',
    'CREATE INDEX i ON a (x, y)',
    'ALTER TABLE a ADD COLUMN x INT NULL',
    "ALTER TABLE a ADD COLUMN x VARCHAR(9) NOT NULL DEFAULT 'a, b', ADD KEY i (x), ALGORITHM=INPLACE, LOCK=NONE",
    'ALTER TABLE a ADD (x INT NULL, y INT NOT NULL DEFAULT 0)',
    'ALTER TABLE a ADD x INT AS (y + 1) VIRTUAL NOT NULL',
    'ALTER TABLE a ADD FULLTEXT INDEX i (x)',
    'ALTER TABLE a ALTER COLUMN x SET DEFAULT 3',
    'INSERT IGNORE INTO a SELECT id FROM b',
    "UPDATE a SET x = 'DELETE FROM a' WHERE x IS NULL",
    'SELECT 1 -- DROP TABLE a',
  ])('may add: %s', (sql) => {
    expect(judge(sql)).toBeNull();
  });

  it.each([
    ['DROP TABLE a', 'takes away'],
    ['drop table if exists a', 'takes away'],
    ['/* tidy */ TRUNCATE a', 'takes away'],
    ['DELETE FROM a WHERE x = 1', 'takes away'],
    ['REPLACE INTO a VALUES (1)', 'takes away'],
    ['CREATE OR REPLACE TABLE a (id INT)', 'not known to only add'],
    ['RENAME TABLE a TO b', 'old name'],
    ['ALTER TABLE a RENAME TO b', 'old name'],
    ['ALTER TABLE a RENAME COLUMN x TO y', 'old name'],
    ['ALTER TABLE `a` DROP COLUMN x', 'takes away'],
    ['ALTER TABLE a ADD COLUMN y INT NULL, DROP INDEX i', 'takes away'],
    ['ALTER TABLE a MODIFY x VARCHAR(10) NOT NULL', 'may narrow'],
    ['ALTER TABLE a CHANGE x y INT', 'may narrow'],
    ['ALTER TABLE a ADD COLUMN x INT NOT NULL', 'NOT NULL without a DEFAULT'],
    ['ALTER TABLE a ADD (y INT NULL, x INT NOT NULL)', 'NOT NULL without a DEFAULT'],
    ['ALTER TABLE a ADD UNIQUE KEY u (x)', 'refuses what'],
    ['CREATE UNIQUE INDEX u ON a (x)', 'refuses what'],
    ['ALTER TABLE a ADD CONSTRAINT f FOREIGN KEY (x) REFERENCES b (id)', 'refuses what'],
    ['ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0)', 'refuses what'],
    ['ALTER TABLE a ADD PRIMARY KEY (x)', 'refuses what'],
    ['ALTER TABLE a ENGINE=MyISAM', 'not known to only add'],
    ['WITH o AS (SELECT 1) DELETE FROM a', 'not known to only add'],
    ['SELECT 1; DROP TABLE a', 'takes away'],
    ['/*!50000 DROP TABLE a */', 'not known to only add'],
    ['LOCK TABLES a WRITE', 'not known to only add'],
  ])('may not do more: %s', (sql, why) => {
    expect(judge(sql)).toContain(why);
  });

  it('is free with what the migration itself has made', () => {
    expect(judge('CREATE TABLE a (id INT)', 'ALTER TABLE A ADD COLUMN x INT NOT NULL')).toBeNull();
    expect(judge('CREATE TABLE a (id INT)', 'ALTER TABLE a ADD CONSTRAINT c CHECK (x > 0)')).toBeNull();
    const column = 'ALTER TABLE a ADD COLUMN x INT NULL';
    expect(judge(column, 'ALTER TABLE a ADD UNIQUE KEY u (y, x)')).toBeNull();
    expect(judge(column, 'CREATE UNIQUE INDEX u ON a (x)')).toBeNull();
    expect(judge(column, 'ALTER TABLE b ADD UNIQUE KEY u (x)')).toContain('refuses what');
    expect(judge('CREATE TABLE a (id INT)', 'DROP TABLE a')).toContain('takes away');
  });
});
