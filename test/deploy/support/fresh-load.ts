import { request } from 'node:http';

export type FreshLoad = Readonly<{ stop: () => Promise<FreshTally> }>;
export type FreshTally = Readonly<{ requests: number; failures: readonly string[]; longestMs: number }>;

const TIMEOUT_MS = 10_000;

/**
 * Newcomers that read and write, each request on a connection of its own: what a reload of any nginx must not harm.
 * `longestMs`: the longest time from one good answer to the next.
 */
export function startFreshLoad(origin: string, clients = 3): FreshLoad {
  let isOver = false;
  let requests = 0;
  let [lastGood, longestMs] = [performance.now(), 0];
  const failures: string[] = [];
  const loop = async (isWriter: boolean): Promise<void> => {
    while (!isOver) {
      requests += 1;
      const problem = await askOnce(origin, isWriter).catch(String);
      if (problem !== null) {
        failures.push(problem);
        continue;
      }
      longestMs = Math.max(longestMs, performance.now() - lastGood);
      lastGood = performance.now();
    }
  };
  const loops = Array.from({ length: clients }, (_, index) => loop(index % 2 === 0));
  const stop = async (): Promise<FreshTally> => {
    isOver = true;
    await Promise.all(loops);
    return { requests, failures: failures.slice(0, 5), longestMs };
  };
  return { stop };
}

/** @returns what is wrong, or null */
function askOnce(origin: string, isWriter: boolean): Promise<string | null> {
  return new Promise((resolve, reject) => {
    const path = isWriter ? '/api/v2/echo' : '/api/v2/time';
    const signal = AbortSignal.timeout(TIMEOUT_MS);
    const options = { method: isWriter ? 'POST' : 'GET', agent: false, signal } as const;
    const outgoing = request(origin + path, options, (incoming) => {
      const { statusCode } = incoming;
      incoming.resume().on('error', reject);
      incoming.on('end', () => resolve(statusCode === 200 ? null : `${path}: ${statusCode}`));
    });
    outgoing.on('error', reject);
    outgoing.end(isWriter ? '{}' : undefined);
  });
}
