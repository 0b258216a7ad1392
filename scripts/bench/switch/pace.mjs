// @ts-check

/**
 * @typedef {object} Pace how hard and how patiently people use the site
 * @property {number} busy users who read, and as many who write
 * @property {number} thinkMs their pause, on average
 * @property {number} lazy users who come back after anything up to lazyMs
 * @property {number} lazyMs
 * @property {number} slow users whose requests take up to slowMs now and then, and up to 1 s otherwise
 * @property {number} slowMs
 * @property {number} uploads users who send uploadKiB each time
 * @property {number} uploadKiB
 * @property {number} streams users who listen to a stream of streamMs
 * @property {number} streamMs
 * @property {number} fresh users who open a connection for each request
 * @property {number} sockets websockets that are open all the time
 * @property {number} perSecond of the constant rate
 */

const MANY_SOCKETS = 500;
/** From here on a campaign is long enough for long pauses. */
const LONG_FROM = 100;

/** @type {Readonly<Record<'short' | 'long' | 'hard', Pace>>} hard: for the controls, which have few switches to fail in */
const PACES = Object.freeze({
  short: {
    busy: 8,
    thinkMs: 25,
    lazy: 16,
    lazyMs: 5_000,
    slow: 2,
    slowMs: 2_000,
    uploads: 2,
    uploadKiB: 2_048,
    streams: 2,
    streamMs: 1_500,
    fresh: 4,
    sockets: 20,
    perSecond: 50,
  },
  long: {
    busy: 8,
    thinkMs: 40,
    lazy: 40,
    lazyMs: 70_000,
    slow: 2,
    slowMs: 10_000,
    uploads: 2,
    uploadKiB: 4_096,
    streams: 2,
    streamMs: 2_000,
    fresh: 4,
    sockets: 50,
    perSecond: 50,
  },
  hard: {
    busy: 20,
    thinkMs: 5,
    lazy: 10,
    lazyMs: 2_000,
    slow: 2,
    slowMs: 500,
    uploads: 2,
    uploadKiB: 512,
    streams: 2,
    streamMs: 500,
    fresh: 4,
    sockets: 10,
    perSecond: 50,
  },
});

/** @param {number} switches @param {number} [sockets] @returns {Pace} */
export function paceFor(switches, sockets) {
  const pace = switches >= LONG_FROM ? PACES.long : PACES.short;
  if (sockets === undefined) return pace;
  // Thousands of sockets are a load by themselves: the rest stays light.
  return sockets < MANY_SOCKETS ? { ...pace, sockets } : { ...pace, sockets, busy: 2, lazy: 4 };
}

/** @returns {Pace} */
export function hardPace() {
  return PACES.hard;
}
