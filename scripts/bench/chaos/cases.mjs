// @ts-check

const MOMENTS = /** @type {const} */ (['before', 'after']);

/** What is done to the deployer, which waits at a point. cancelled: by a pipeline, SIGINT, SIGTERM and SIGKILL in a row. */
export const SIGNALS = /** @type {const} */ ([
  'kill9',
  'SIGINT',
  'SIGTERM',
  'cancelled',
  'stop-then-kill',
  'stop-then-continue',
]);

/** What is killed beside it; it goes on afterwards. nginx: the master alone; nginx-all: its workers, too. */
export const VICTIMS = /** @type {const} */ (['idle', 'live', 'nginx', 'nginx-all']);

/**
 * What else is done to them, and where: they are asked to end (SIGTERM), or only hang (SIGSTOP). One that hangs is noticed
 * where it is asked, before the switch and by the verification; letting it go takes half a minute each time.
 */
export const ASKED_OR_STOPPED = /** @type {const} */ ({
  'idle-SIGTERM': ['after:health', 'before:switch', 'before:drain'],
  'idle-SIGSTOP': ['after:health', 'before:switch'],
  'live-SIGTERM': ['before:switch', 'before:verify', 'before:watch', 'before:drain'],
  'live-SIGSTOP': ['after:switch', 'before:verify'],
  'nginx-SIGTERM': ['before:switch', 'after:switch', 'before:drain'],
});

/** @typedef {(typeof SIGNALS)[number] | (typeof VICTIMS)[number] | keyof typeof ASKED_OR_STOPPED} Deed */

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {string} point before or after a step: `after:switch`
 * @property {string} step
 * @property {Deed} deed
 * @property {'none' | 'outage' | 'watched'} loss none: no request may fail; outage: requests must fail, and somebody serves
 *   again after the next command; watched: the deployer itself has them served again in less than 2 s
 */

/** From the switch to the end of the watch the traffic can go back to a warm colour. */
const WATCHED = [
  'after:switch',
  'before:verify',
  'after:verify',
  'before:post-switch',
  'after:post-switch',
  'before:watch',
];

/**
 * Each point of a deploy with each deed that is done there.
 *
 * @param {readonly string[]} steps of a deploy, in order
 * @returns {Case[]}
 */
export function allCases(steps) {
  return steps.flatMap((step) =>
    MOMENTS.flatMap((moment) => deedsAt(`${moment}:${step}`).map((deed) => makeCase(moment, step, deed))),
  );
}

/** @param {string} point @returns {Deed[]} */
function deedsAt(point) {
  const others = /** @type {[keyof typeof ASKED_OR_STOPPED, readonly string[]][]} */ (
    Object.entries(ASKED_OR_STOPPED)
  );
  const here = others.filter(([, points]) => points.includes(point)).map(([deed]) => deed);
  return [...SIGNALS, ...VICTIMS, ...here];
}

/**
 * One signal for each step, each signal in its turn, and each victim once: what every run of the tests can afford.
 *
 * @param {readonly string[]} steps
 * @returns {Case[]}
 */
export function shortCases(steps) {
  const signals = steps.map((step, index) =>
    makeCase(MOMENTS[index % 2] ?? 'after', step, SIGNALS[index % SIGNALS.length] ?? 'kill9'),
  );
  return [
    ...signals,
    makeCase('before', 'switch', 'idle'),
    makeCase('before', 'watch', 'live'),
    makeCase('after', 'switch', 'nginx'),
    makeCase('after', 'health', 'nginx-all'),
  ];
}

/**
 * @param {readonly Case[]} cases
 * @param {readonly string[]} words parts of their names; a case is chosen when one of them fits
 */
export function chosen(cases, words) {
  return words.length === 0 ? cases : cases.filter(({ name }) => words.some((word) => name.includes(word)));
}

/** @param {'before' | 'after'} moment @param {string} step @param {Deed} deed @returns {Case} */
function makeCase(moment, step, deed) {
  const point = `${moment}:${step}`;
  return { name: `${point}:${deed}`, point, step, deed, loss: lossOf(point, deed) };
}

/** @param {string} point @param {Deed} deed @returns {Case['loss']} */
function lossOf(point, deed) {
  // Who has asked a colour that hangs waits for it, also when all others are served by the other one again.
  if (['nginx-all', 'nginx-SIGTERM', 'live-SIGSTOP'].includes(deed)) return 'outage';
  if (['live', 'live-SIGTERM'].includes(deed)) return WATCHED.includes(point) ? 'watched' : 'outage';
  return 'none';
}
