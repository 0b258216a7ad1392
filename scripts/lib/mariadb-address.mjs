// @ts-check
import { connect } from 'node:net';

/**
 * @param {string} socket
 * @param {string} database
 * @returns {string} a value for `DATABASE_URL`
 */
export function databaseUrl(socket, database) {
  return `mysql://root@localhost/${encodeURIComponent(database)}?socketPath=${encodeURIComponent(socket)}`;
}

/**
 * Whether a server greets its callers there. A listening socket alone says nothing: the greeting comes from a server
 * that is ready.
 *
 * @param {string} socket
 * @returns {Promise<boolean>} within a second
 */
export function answers(socket) {
  return new Promise((resolve) => {
    const connection = connect(socket);
    /** @param {boolean} answer */
    const finish = (answer) => {
      connection.destroy();
      resolve(answer);
    };
    connection.setTimeout(1_000, () => finish(false));
    connection.once('data', () => finish(true));
    connection.once('error', () => finish(false));
    connection.once('close', () => finish(false));
  });
}
