import { loadDatabaseUrl } from '@app/config';
import { runMigrateProgram } from '@app/database';

/** Runs the migrations of this release and ends. Needs DATABASE_URL alone. */
async function main(): Promise<number> {
  return runMigrateProgram({
    args: process.argv.slice(2),
    url: loadDatabaseUrl,
    out: (text) => process.stdout.write(`${text}\n`),
    err: (text) => process.stderr.write(`${text}\n`),
  });
}

void main().then((code) => {
  process.exitCode = code;
});
