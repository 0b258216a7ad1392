import { isDrained } from './judge';

/** What is under way on a process. */
export type Busy = Readonly<{ inFlight: number; sockets: number }>;

/** What became of the websockets of a colour that was drained. */
export type SocketCount = Readonly<{
  drained: number;
  /** still open when it was stopped, or when it ended by itself */
  left: number;
}>;

type Limits = Readonly<{ minMs: number; timeoutMs: number; socketsTimeoutMs: number; inARow: number }>;

/** After the sockets' deadline the last of them are closed at once; clients get this long to answer that. */
const LAST_WORDS_MS = 3_000;

/**
 * Whether a colour that the traffic has left may be stopped.
 *
 * @param looks what was under way, oldest first
 * @param elapsedMs since the drain began
 * @returns `late`: something is still under way and has had its time
 */
export function judgeDrain(
  looks: readonly Busy[],
  elapsedMs: number,
  limits: Limits,
): 'drained' | 'waiting' | 'late' {
  if (isDrained(looks.map(connectionsOf), elapsedMs, limits)) return 'drained';
  const { sockets = 0 } = looks.at(-1) ?? {};
  return elapsedMs > timeFor(sockets, limits) ? 'late' : 'waiting';
}

/** @returns how much of its time a drain has had, from 0 to 1 */
export function drainShare(looks: readonly Busy[], elapsedMs: number, limits: Limits): number {
  return Math.min(1, elapsedMs / Math.max(1, timeFor(looks.at(-1)?.sockets ?? 0, limits)));
}

/** It outlives its last socket, or the deadline of the sockets. */
function timeFor(sockets: number, { timeoutMs, socketsTimeoutMs }: Limits): number {
  return sockets === 0 ? timeoutMs : Math.max(timeoutMs, socketsTimeoutMs + LAST_WORDS_MS);
}

/** Whether there are sockets that were not there at the look before: nobody has asked for them yet. */
export function hasNewSockets(looks: readonly Busy[]): boolean {
  return (looks.at(-1)?.sockets ?? 0) > (looks.at(-2)?.sockets ?? 0);
}

/** Counts the sockets of all looks: each rise is of new ones. */
export function countSockets(looks: readonly Busy[]): SocketCount {
  const rises = looks.map(({ sockets }, index) => Math.max(0, sockets - (looks[index - 1]?.sockets ?? 0)));
  const left = looks.at(-1)?.sockets ?? 0;
  return { drained: rises.reduce((sum, rise) => sum + rise, 0) - left, left };
}

export function connectionsOf({ inFlight, sockets }: Busy): number {
  return inFlight + sockets;
}

/** `3 requests and 12 sockets`; what is not there is not named. */
export function describeBusy({ inFlight, sockets }: Busy): string {
  const count = (number: number, what: string) => `${number} ${what}${number === 1 ? '' : 's'}`;
  const requests = inFlight === Infinity ? 'an unknown number of requests' : count(inFlight, 'request');
  const parts = [...(inFlight > 0 ? [requests] : []), ...(sockets > 0 ? [count(sockets, 'socket')] : [])];
  return parts.join(' and ') || 'nothing';
}
