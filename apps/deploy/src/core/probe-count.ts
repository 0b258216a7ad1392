/** What the prober of a run met: the receipt's proof that nobody was dropped, or the count of those who were. */
export type ProbeCount = Readonly<{
  requests: number;
  failed: number;
  /** the longest that a request had to wait for a good answer, from the moment it was meant for, in ms */
  worstGapMs: number;
}>;

/** One stream of requests at a steady pace. */
export type ProbeStream = ProbeCount &
  Readonly<{
    /** the moment of the oldest request without a good answer so far; null when all have theirs */
    waitingSinceMs: number | null;
  }>;

export const NOTHING_SENT: ProbeStream = { requests: 0, failed: 0, worstGapMs: 0, waitingSinceMs: null };

/**
 * Counts a request. The wait begins when the request was meant to be sent, not when it could be: a stream that is held
 * up by a slow answer would otherwise hide all the requests that it did not send meanwhile.
 *
 * @param sent moments in ms of one clock
 */
export function counted(
  stream: ProbeStream,
  sent: Readonly<{ intendedMs: number; endedMs: number; ok: boolean }>,
): ProbeStream {
  const since = stream.waitingSinceMs ?? sent.intendedMs;
  return {
    requests: stream.requests + 1,
    failed: stream.failed + (sent.ok ? 0 : 1),
    worstGapMs: Math.max(stream.worstGapMs, sent.endedMs - since),
    waitingSinceMs: sent.ok ? null : since,
  };
}

/** All streams together: the sums, and the worst of the gaps in whole ms. */
export function totalOf(streams: readonly ProbeStream[]): ProbeCount {
  const sum = (key: 'requests' | 'failed') => streams.reduce((total, stream) => total + stream[key], 0);
  const worstGapMs = Math.round(Math.max(0, ...streams.map((stream) => stream.worstGapMs)));
  return { requests: sum('requests'), failed: sum('failed'), worstGapMs };
}
