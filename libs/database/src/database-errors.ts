import { types } from 'node:util';

interface DriverError {
  readonly code?: string;
  readonly sqlMessage?: string;
  readonly message: string;
}

/** The database cannot be reached, is going away, or has no room: the same request may succeed in a moment. */
const UNREACHABLE = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ENOENT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EPIPE',
  'ETIMEDOUT',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'ER_CON_COUNT_ERROR',
  'ER_CONNECTION_KILLED',
  'ER_LOCK_WAIT_TIMEOUT',
  'ER_NORMAL_SHUTDOWN',
  'ER_SERVER_SHUTDOWN',
  'ER_TOO_MANY_USER_CONNECTIONS',
]);

/** mysql2 reports these two without a code. */
const UNREACHABLE_MESSAGES = [
  'Queue limit reached.',
  "Can't add new command when connection is in closed state",
];

const DEADLOCK = 'ER_LOCK_DEADLOCK';

/** Whether the failure is that the database is not there (or not answering), rather than that it refused a statement. */
export function isDatabaseUnreachable(error: unknown): boolean {
  const driverError = driverErrorOf(error);
  if (driverError === undefined) return false;
  return (
    UNREACHABLE.has(driverError.code ?? '') ||
    UNREACHABLE_MESSAGES.some((text) => driverError.message.startsWith(text))
  );
}

/** Whether a connection was not made in time, rather than refused. */
export function isTimeout(error: unknown): boolean {
  return driverErrorOf(error)?.code === 'ETIMEDOUT';
}

/** Whether the statement lost against another transaction and may simply be tried again from the start. */
export function isDeadlock(error: unknown): boolean {
  return driverErrorOf(error)?.code === DEADLOCK;
}

/** Whether a statement has waited too long for a row or a table that somebody else uses. */
export function isLockTimeout(error: unknown): boolean {
  return driverErrorOf(error)?.code === 'ER_LOCK_WAIT_TIMEOUT';
}

/** Whether a unique key refused the row. @param key name of the key; any when left out */
export function isDuplicate(error: unknown, key?: string): boolean {
  const driverError = driverErrorOf(error);
  return (
    driverError?.code === 'ER_DUP_ENTRY' &&
    (key === undefined || (driverError.sqlMessage ?? '').includes(key))
  );
}

/** Whether a table is not there: the migrations have not been applied. */
export function isMissingTable(error: unknown): boolean {
  return driverErrorOf(error)?.code === 'ER_NO_SUCH_TABLE';
}

/** TypeORM wraps the driver's error; a failed connect comes bare. */
function driverErrorOf(error: unknown): DriverError | undefined {
  if (!types.isNativeError(error)) return undefined;
  return (error as Error & { driverError?: DriverError }).driverError ?? error;
}
