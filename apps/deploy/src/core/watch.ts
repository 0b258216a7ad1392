/** One request as nginx has logged it: only nginx sees the 502s of a process that has died. */
export type Sample = Readonly<{ atMs: number; status: number; durationMs: number; release?: string }>;

export type WatchLimits = Readonly<{
  /** fewer requests prove nothing */
  minRequests: number;
  /** how far the share of 5xx may rise above what it was before the switch, 0 to 1 */
  maxErrorShareRise: number;
  /** fewer failed requests are an accident */
  minFailures: number;
  /** how many times as slow as before the switch the slowest requests may become */
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
  const { minRequests, maxErrorShareRise, minFailures } = limits;
  if (after.length < minRequests) {
    return { kind: 'inconclusive', reason: `${after.length} requests, fewer than ${minRequests}` };
  }
  const [was, is] = [errorShare(before), errorShare(after)];
  if (is > was + maxErrorShareRise && failuresIn(after) >= minFailures) {
    return {
      kind: 'bad',
      reason: `${percent(is)} of ${after.length} requests failed, ${percent(was)} before`,
    };
  }
  const slowness = slownessOf(before, after, limits);
  return slowness === null ? { kind: 'fine' } : { kind: 'bad', reason: slowness };
}

/** A rarer kind of slowness needs more requests before it shows: one of twenty, one of a hundred. */
const PERCENTILES = [
  { share: 0.95, name: '95th percentile', atLeast: 1 },
  { share: 0.99, name: '99th percentile', atLeast: 5 },
] as const;

function slownessOf(
  before: readonly Sample[],
  after: readonly Sample[],
  { minRequests, maxSlowdown, slowMs }: WatchLimits,
): string | null {
  const fewer = Math.min(before.length, after.length);
  for (const { share, name, atLeast } of PERCENTILES) {
    if (fewer < minRequests * atLeast) return null;
    const [wasMs, isMs] = [percentile(before, share), percentile(after, share)];
    if (isMs > Math.max(slowMs, wasMs * maxSlowdown)) return `the ${name} is ${isMs} ms, ${wasMs} ms before`;
  }
  return null;
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
  return failuresIn(samples) / samples.length;
}

function failuresIn(samples: readonly Sample[]): number {
  return samples.filter(({ status }) => status >= 500).length;
}

function percentile(samples: readonly Sample[], share: number): number {
  const sorted = samples.map(({ durationMs }) => durationMs).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * share) - 1] ?? 0;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
