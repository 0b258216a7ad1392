import { InvalidSettings, loadDatabaseUrl } from '@app/config';
import { migrate } from '@app/database';

/** Applies the migrations of this release and ends. Needs DATABASE_URL alone. */
async function main(): Promise<void> {
  const applied = await migrate(loadDatabaseUrl());
  process.stdout.write(
    applied.length === 0 ? 'The database is up to date.\n' : `Applied: ${applied.join(', ')}\n`,
  );
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof InvalidSettings ? error.message : String(error)}\n`);
  process.exitCode = 1;
});
