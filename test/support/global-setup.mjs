// @ts-check
import { constants } from 'node:os';
import { startMariadb } from '../../scripts/lib/mariadb.mjs';
import { makeRunFolder, makeServerFolder, removeRunFolder, removeRunFolderNow } from './run-folder.mjs';

/**
 * Starts one database server for the whole run. The workers inherit where it is: `HARU_TEST_DB_SOCKET`, and the
 * folder for servers of their own, `HARU_TEST_FOLDER`.
 */
export default async function setUp() {
  const folder = makeRunFolder();
  process.env.HARU_TEST_FOLDER = folder;
  process.once('exit', () => removeRunFolderNow(folder));
  // Jest skips its teardown when it is interrupted: by exiting we get to the line above.
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.once(signal, () => process.exit(128 + constants.signals[signal]));
  }
  try {
    const server = await startMariadb(makeServerFolder(folder, 'shared-'), { fast: true });
    process.env.HARU_TEST_DB_SOCKET = server.socket;
  } catch (error) {
    await removeRunFolder(folder);
    throw error;
  }
}
