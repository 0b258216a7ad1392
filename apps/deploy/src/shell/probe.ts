import { z } from 'zod';
import type { Busy } from '../core/drain';
import type { Identity } from '../core/facts';
import type { Probe } from '../core/judge';
import { isErrno, parseJson } from './files';
import { ask, type AskOptions, type Endpoint } from './http';

/** Longer than a busy machine needs, shorter than anybody's patience. */
const PROBE_TIMEOUT_MS = 2_000;

const identitySchema = z.object({
  release: z.string(),
  colour: z.string(),
  pid: z.int(),
  startedAt: z.string(),
});
const checksSchema = z.object({
  checks: z.record(z.string(), z.object({ ok: z.boolean(), reason: z.string().optional() })),
});
const count = z.int().min(0);
/** Who has no sockets need not count them. */
const busySchema = z.object({ inFlight: count, sockets: count.default(0) });
const UNHEARD: Busy = { inFlight: Infinity, sockets: 0 };

/** @returns who answers there, or null when nobody does, or not as the health contract asks */
export async function whoAnswers(
  endpoint: Endpoint,
  path: string,
  { timeoutMs = PROBE_TIMEOUT_MS, ...options }: Partial<AskOptions> = {},
): Promise<Identity | null> {
  try {
    const { body } = await ask(endpoint, path, { timeoutMs, ...options });
    return identityIn(body);
  } catch {
    return null;
  }
}

/** One look at the readiness of a process over its own address. */
export async function probeReadiness(endpoint: Endpoint, path: string): Promise<Probe> {
  try {
    const { status, body } = await ask(endpoint, path, { timeoutMs: PROBE_TIMEOUT_MS });
    return { kind: 'answer', status, identity: identityIn(body), reasons: failedChecks(body) };
  } catch (error) {
    return { kind: 'silence', reason: `it does not answer (${reasonOf(error)})` };
  }
}

/**
 * @returns what is under way in a process. One that nobody can connect to has nothing that would still arrive; one that is
 *   too busy to say has requests: then infinity
 */
export async function whatIsUnderWay(endpoint: Endpoint, path: string): Promise<Busy> {
  try {
    const { body } = await ask(endpoint, path, { timeoutMs: PROBE_TIMEOUT_MS });
    return busySchema.safeParse(parseJson(body)).data ?? UNHEARD;
  } catch (error) {
    return isErrno(error, 'ENOENT', 'ECONNREFUSED') ? { inFlight: 0, sockets: 0 } : UNHEARD;
  }
}

/** @returns the release that answers a fresh request; null when there is no good answer */
export async function releaseAnswering(
  endpoint: Endpoint,
  path: string,
  { host, timeoutMs = PROBE_TIMEOUT_MS }: Readonly<{ host: string; timeoutMs?: number }>,
): Promise<string | null> {
  try {
    const { status, headers } = await ask(endpoint, path, { timeoutMs, host });
    const release = headers['x-release'];
    return status === 200 && typeof release === 'string' ? release : null;
  } catch {
    return null;
  }
}

function identityIn(body: string): Identity | null {
  return identitySchema.safeParse(parseJson(body)).data ?? null;
}

function failedChecks(body: string): readonly string[] {
  const { checks = {} } = checksSchema.safeParse(parseJson(body)).data ?? {};
  return Object.entries(checks)
    .filter(([, { ok }]) => !ok)
    .map(([name, { reason }]) => `${name}: ${reason ?? 'not ok'}`);
}

function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return 'code' in error ? String(error.code) : error.message;
}
