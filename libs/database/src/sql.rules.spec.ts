import { partsOf, statementsOf } from './sql.rules';

describe('SQL', () => {
  it('is read without its texts, comments and the quotes of its names', () => {
    const sql = "INSERT INTO `a` -- DROP TABLE a\n VALUES ('it''s; DROP', \"x\\\"; y\") # DROP\n /* DROP */;";
    expect(statementsOf(sql)).toEqual(["INSERT INTO a VALUES ('', '')"]);
  });

  it('may hold several statements', () => {
    expect(statementsOf('SELECT 1; DROP TABLE a;\n')).toEqual(['SELECT 1', 'DROP TABLE a']);
  });

  it('keeps a comment that servers execute', () => {
    expect(statementsOf('SELECT 1 /*!50000 INTO OUTFILE x */')[0]).toContain('/*!50000');
  });

  it('is split by commas outside of brackets', () => {
    expect(partsOf('ADD a DECIMAL(1, 2), ADD KEY k (a, b)')).toEqual([
      'ADD a DECIMAL(1, 2)',
      'ADD KEY k (a, b)',
    ]);
  });
});
