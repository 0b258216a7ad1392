import { text } from 'node:stream/consumers';
import { parseArgs } from 'node:util';
import { InvalidSettings, loadDatabaseUrl } from '@app/config';
import { connect, isMissingTable, Transactor } from '@app/database';
import { addAdmin, replaceAdminPassword, type AccountOutcome } from './admin/admin-accounts';
import { weaknessOf } from './admin/admin-password';
import { LIMITS } from './http/limits';
import { isPlainText } from './http/plain-text';

const USAGE = `Usage: npm run admin:create -- --account NAME --password-stdin [--replace-password]

  --account NAME       what the administrator is called: ${LIMITS.adminAccount.min} to ${LIMITS.adminAccount.max} characters
  --password-stdin     read the password from standard input: ${LIMITS.adminPassword.min} characters or more, one line
  --replace-password   give an account that exists another password, and end its sessions

Ends with 0 when it is done, 2 when something asked for is refused, 3 when the account exists already (or, to have its
password replaced, does not), 1 when the database fails.`;

/** Exit codes. */
const REFUSED = 2;
const EXIT_OF: Readonly<Record<AccountOutcome, number>> = { made: 0, replaced: 0, exists: 3, unknown: 3 };
const SAYS: Readonly<Record<AccountOutcome, string>> = {
  made: 'The account is made.',
  replaced: 'The password is replaced, and all sessions of the account are ended.',
  exists: 'This account exists already. With --replace-password it gets another password.',
  unknown: 'There is no such account. Without --replace-password it is made.',
};

/** What was asked for cannot be done: its message is for the one who asked. */
class Refusal extends Error {}

interface Wish {
  readonly account: string;
  readonly replace: boolean;
}

/** Makes an administrator's account, or gives it another password. Needs DATABASE_URL, migrated. */
async function main(args: readonly string[]): Promise<number> {
  const { account, replace } = readWish(args);
  const password = (await text(process.stdin)).replace(/\r?\n$/, '');
  const weakness = weaknessOf(password);
  if (weakness !== undefined) throw new Refusal(weakness);
  const dataSource = await connect(loadDatabaseUrl(), 1);
  try {
    const transactor = new Transactor(dataSource);
    const outcome = await (replace
      ? replaceAdminPassword(transactor, { account, password })
      : addAdmin(transactor, { account, password }, new Date()));
    say(SAYS[outcome]);
    return EXIT_OF[outcome];
  } finally {
    await dataSource.destroy();
  }
}

/** @throws Refusal */
function readWish(args: readonly string[]): Wish {
  const { account, 'password-stdin': isOnStdin, 'replace-password': replace = false } = optionsOf(args);
  if (account === undefined) throw new Refusal(`--account is missing.\n\n${USAGE}`);
  if (isOnStdin !== true) throw new Refusal(`--password-stdin is missing.\n\n${USAGE}`);
  const name = account.normalize('NFC').trim();
  if (!isPlainText(name, LIMITS.adminAccount))
    throw new Refusal(`This is no name for an account.\n\n${USAGE}`);
  return { account: name, replace };
}

function optionsOf(args: readonly string[]) {
  try {
    const options = {
      account: { type: 'string' },
      'password-stdin': { type: 'boolean' },
      'replace-password': { type: 'boolean' },
    } as const;
    return parseArgs({ args: [...args], options }).values;
  } catch (error) {
    throw new Refusal(`${error instanceof Error ? error.message : String(error)}\n\n${USAGE}`);
  }
}

function messageOf(error: unknown): string {
  if (error instanceof Refusal || error instanceof InvalidSettings) return error.message;
  return isMissingTable(error) ? 'The database is not migrated: npm run migrate does that.' : String(error);
}

function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

main(process.argv.slice(2)).then(
  (exitCode) => (process.exitCode = exitCode),
  (error: unknown) => {
    say(messageOf(error));
    process.exitCode = error instanceof Refusal ? REFUSED : 1;
  },
);
