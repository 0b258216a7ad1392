import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedDocuments } from '../../apps/api/src/documents';
import { ENTITIES } from '../../apps/api/src/app.module';
import { createDataSource } from '../../libs/database/src/data-source';
import { startApi, type TestApi } from '../support/api';

const ROOT = join(__dirname, '..', '..');

let api: TestApi;
beforeAll(async () => {
  api = await startApi();
});
afterAll(() => api.stop());

it.each(['docs/configuration.md', 'docs/error-codes.md', 'docs/openapi.json'])(
  '%s says what the code says (npm run docs writes it anew)',
  (path) => {
    expect(readFileSync(join(ROOT, path), 'utf8')).toBe(generatedDocuments(api.app).get(path));
  },
);

it('the migrations give every entity the columns that it names', async () => {
  const { url } = api.database;
  const dataSource = await createDataSource(url, 1, ENTITIES).initialize();
  try {
    for (const { tableName, columns } of dataSource.entityMetadatas) {
      const rows = await api.sql<{ Field: string; Type: string; Null: string }>(
        `SHOW COLUMNS FROM ${tableName}`,
      );
      const actual = new Map(rows.map(({ Field, Null }) => [Field, Null === 'YES']));
      for (const { databaseName, isNullable } of columns) {
        expect([tableName, databaseName, actual.get(databaseName)]).toEqual([
          tableName,
          databaseName,
          isNullable,
        ]);
      }
    }
  } finally {
    await dataSource.destroy();
  }
});
