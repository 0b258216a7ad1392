// @ts-check
import { spawn } from 'node:child_process';
import { openSync } from 'node:fs';

/** The echo of people: trouble begins with this request. */
const TROUBLE_FROM_ECHO = 5;
const ERROR_EVERY = 20;
const SLOW_EVERY = 33;
const SLOW_ANSWER_MS = 400;
/** A leak must not take the whole machine with it. */
const LEAK_BYTES = 65_536;
const MAX_LEAKS = 4_000;

/**
 * What goes wrong with requests that come through nginx. The deployer's own are spared the errors and the leaks: as in
 * life, only people meet them.
 *
 * @param {ReadonlyMap<string, string>} behaviours
 */
export function makeTrouble(behaviours) {
  let echoes = 0;
  let requests = 0;
  let isDoomed = false;
  /** @type {unknown[]} */
  const leaked = [];
  const leak = () => leaked.push(Buffer.alloc(LEAK_BYTES, 1), openSync('/dev/null', 'r'));

  /** @param {string} pathname @returns {boolean} whether the request is to fail */
  function happensToEcho(pathname) {
    if (pathname !== '/api/v2/echo') return false;
    echoes += 1;
    if (echoes < TROUBLE_FROM_ECHO) return false;
    if (behaviours.has('dies')) process.exit(1);
    if (behaviours.has('hangs')) for (;;);
    return behaviours.has('fails');
  }

  return {
    /**
     * @param {import('node:http').IncomingMessage} request
     * @param {string} pathname
     * @returns {{ fails: boolean, afterMs: number }}
     */
    meet(request, pathname) {
      if (request.headers['x-forwarded-for'] === undefined) return { fails: false, afterMs: 0 };
      if (behaviours.has('dies-after') && !isDoomed) dieAfter(Number(behaviours.get('dies-after')));
      isDoomed = true;
      const fails = happensToEcho(pathname);
      const afterMs = behaviours.has('slow') ? SLOW_ANSWER_MS : 0;
      if (request.headers['user-agent'] === 'haru-deploy') return { fails, afterMs };
      requests += 1;
      if (behaviours.has('leaks') && requests <= MAX_LEAKS) leak();
      const isUnlucky = behaviours.has('errors-5-percent') && requests % ERROR_EVERY === 0;
      const isLate = behaviours.has('slow-3-percent') && requests % SLOW_EVERY === 0;
      return { fails: fails || isUnlucky, afterMs: isLate ? SLOW_ANSWER_MS : afterMs };
    },
  };
}

/** @param {number} seconds from the first request through nginx on */
function dieAfter(seconds) {
  setTimeout(() => process.exit(1), seconds * 1_000);
}

/**
 * A child that does not end with its parent. It ends when its folder is gone, so that no test leaves it for ever.
 *
 * @param {string} folder
 */
export function leaveChild(folder) {
  const child = spawn('/bin/sh', ['-c', 'while [ -d "$0" ]; do sleep 1; done', folder], {
    detached: true,
    stdio: 'ignore',
  });
  child.unref();
  console.log(JSON.stringify({ msg: 'left a child', child: child.pid }));
}
