// @ts-check

/**
 * A wish to stop, from the terminal, a supervisor or the script itself.
 *
 * @typedef {object} StopWish
 * @property {AbortSignal} signal aborts with the first wish
 * @property {Promise<NodeJS.Signals>} wished settles with the first wish
 * @property {Promise<void>} insisted settles when it is wished again later: no more patience
 */

const SIGNALS = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']);
/** Ctrl-C reaches npm and us, and npm passes it on: one wish comes as two signals. */
const SAME_WISH_MS = 500;

/**
 * Takes over the signals that end a process.
 *
 * @returns {StopWish}
 */
export function listenForStop() {
  const abort = new AbortController();
  /** @type {number | undefined} */
  let firstAt;
  /** @type {(signal: NodeJS.Signals) => void} */
  let wish;
  /** @type {() => void} */
  let insist;
  const wished = new Promise((resolve) => (wish = resolve));
  const insisted = new Promise((resolve) => (insist = () => resolve(undefined)));
  /** @param {NodeJS.Signals} signal */
  const onSignal = (signal) => {
    if (firstAt !== undefined && performance.now() - firstAt > SAME_WISH_MS) insist();
    firstAt ??= performance.now();
    wish(signal);
    abort.abort();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  return { signal: abort.signal, wished, insisted };
}
