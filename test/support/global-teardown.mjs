// @ts-check
import { removeRunFolder } from './run-folder.mjs';

/** Ends every database server of the run and removes its files. */
export default async function tearDown() {
  if (process.env.HARU_TEST_FOLDER !== undefined) await removeRunFolder(process.env.HARU_TEST_FOLDER);
}
