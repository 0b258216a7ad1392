/** One request as nginx has logged it: only nginx sees the 502s of a process that has died. */
export type Sample = Readonly<{ atMs: number; status: number; durationMs: number; release?: string }>;

export type WatchLimits = Readonly<{
  /** fewer requests prove nothing */
  minRequests: number;
  /** how far the share of 5xx may rise above what it was before the switch, 0 to 1 */
  maxErrorShareRise: number;
  /** how many times as slow as before the switch the 95th percentile may become */
  maxSlowdown: number;
  /** below this, in ms, nothing counts as slow */
  slowMs: number;
}>;

export type WatchVerdict =
  | Readonly<{ kind: 'fine' }>
  | Readonly<{ kind: 'inconclusive'; reason: string }>
  | Readonly<{ kind: 'bad'; reason: string }>;

/**
 * Compares the traffic after a switch with that of an equally long time just before it.
 *
 * @param before what the old release answered; few requests make the speed incomparable, not the errors
 * @param after what people got since the switch
 */
export function judgeTraffic(
  before: readonly Sample[],
  after: readonly Sample[],
  limits: WatchLimits,
): WatchVerdict {
  const { minRequests, maxErrorShareRise, maxSlowdown, slowMs } = limits;
  if (after.length < minRequests) {
    return { kind: 'inconclusive', reason: `${after.length} requests, fewer than ${minRequests}` };
  }
  const [was, is] = [errorShare(before), errorShare(after)];
  if (is > was + maxErrorShareRise) {
    return {
      kind: 'bad',
      reason: `${percent(is)} of ${after.length} requests failed, ${percent(was)} before`,
    };
  }
  if (before.length < minRequests) return { kind: 'fine' };
  const [wasMs, isMs] = [p95(before), p95(after)];
  if (isMs <= Math.max(slowMs, wasMs * maxSlowdown)) return { kind: 'fine' };
  return { kind: 'bad', reason: `the 95th percentile is ${isMs} ms, ${wasMs} ms before` };
}

/** Reads a line of the access log. @returns null for a line that is none of a request, or one of the tool's own */
export function parseSample(line: string, ownAgent: string): Sample | null {
  const fields = parseObject(line);
  const [atS, status, durationS] = [fields['atS'], fields['status'], fields['durationS']];
  if (typeof atS !== 'number' || typeof status !== 'number' || typeof durationS !== 'number') return null;
  if (fields['agent'] === ownAgent) return null;
  const release = typeof fields['release'] === 'string' ? { release: fields['release'] } : {};
  return { atMs: atS * 1_000, status, durationMs: Math.round(durationS * 1_000), ...release };
}

function parseObject(line: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function errorShare(samples: readonly Sample[]): number {
  if (samples.length === 0) return 0;
  return samples.filter(({ status }) => status >= 500).length / samples.length;
}

function p95(samples: readonly Sample[]): number {
  const sorted = samples.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.95) - 1] ?? 0;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
