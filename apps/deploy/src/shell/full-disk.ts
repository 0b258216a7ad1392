import { statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { DeployError } from '../core/errors';
import { isErrno } from './files';

const KIB = 1_024;
/** For the journal of a run, its receipt, the state, and the first lines of a log. */
const LEAST_FREE_KIB = 256;

/**
 * Refuses a run that could not be written down: half of it would be done, and nobody would know how far.
 *
 * @param folder of the state
 * @throws DeployError while nothing has been changed yet
 */
export async function refuseFullDisk(folder: string): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  const freeKib = Math.floor((bavail * bsize) / KIB);
  if (freeKib >= LEAST_FREE_KIB) return;
  throw new DeployError('needsHuman', {
    what: `The disk of ${folder} is full: ${freeKib} KiB are free, and ${LEAST_FREE_KIB} are needed to write down what is done.`,
    left: 'Nothing was changed; what serves goes on serving.',
    next: `make room (df -h ${folder}), then do it again`,
  });
}

/**
 * Every failure as one that a person can read. A full or read-only disk is the machine's, and so is what this account may
 * not do; anything unknown is ours.
 */
export function asDeployError(error: unknown): DeployError {
  if (error instanceof DeployError) return error;
  if (isErrno(error, 'ENOSPC', 'EDQUOT', 'EROFS')) {
    const isFull = !isErrno(error, 'EROFS');
    return new DeployError('needsHuman', {
      what: `The disk ${isFull ? 'is full' : 'cannot be written to'}: ${String(error)}.`,
      next: `${isFull ? 'make room (df -h)' : 'let it be written to (mount)'}, then: npm run deploy -- status`,
    });
  }
  if (isErrno(error, 'EACCES', 'EPERM')) {
    return new DeployError('needsHuman', {
      what: `The account ${userInfo().username} may not do this: ${error instanceof Error ? error.message : String(error)}.`,
      left: 'This step has changed nothing.',
      next: 'run the command as the account that deploys (with systemd: root, by sudo)',
    });
  }
  const stack = error instanceof Error ? (error.stack ?? '').split('\n') : [];
  return new DeployError('bug', { what: String(error), details: stack });
}
