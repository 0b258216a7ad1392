import { z } from 'zod';
import { RELEASE_ID } from './names';

/** Raised when a field changes its meaning; a tool refuses the release of a newer one instead of guessing. */
export const MANIFEST_SCHEMA = 1;

/** In the top folder of a release. */
export const MANIFEST_FILE = 'manifest.json';

/** Beside it in a release that this tool has unpacked: who did, and when. */
export const MARK_FILE = '.unpacked.json';

/** Where a release has its own node, if it carries one. */
export const CARRIED_NODE = 'bin/node';

const VERSION = /^\d+\.\d+(\.\d+)?$/;

const manifestSchema = z.object({
  schema: z.literal(MANIFEST_SCHEMA),
  id: z.string().regex(RELEASE_ID),
  /** sha256 over everything in the release but this file: the same content, the same digest, wherever it was built */
  digest: z.string().regex(/^[0-9a-f]{64}$/),
  /** UTC, to the millisecond */
  createdAt: z.iso.datetime({ precision: 3 }),
  /** of git; null: built from something else */
  commit: z.string().nullable(),
  /** such as linux-x64: packages may have machine code in them */
  platform: z.string(),
  node: z.object({
    /** what it was built and tested with */
    major: z.int(),
    /** the oldest that will do, of that major */
    least: z.string().regex(VERSION),
    /** version of the node that the release carries; null: the host's is used */
    carried: z.string().regex(VERSION).nullable(),
  }),
  /** names of the first and the last migration that it knows; null: it has none */
  migrations: z.object({ first: z.string(), last: z.string(), count: z.int().min(1) }).nullable(),
});

/** What a release says about itself. */
export type Manifest = Readonly<z.output<typeof manifestSchema>>;

type ParsedManifest = Readonly<{ ok: true; manifest: Manifest }> | Readonly<{ ok: false; problem: string }>;

/** @param stored what the file holds, as JSON; null: it holds none */
export function parseManifest(stored: unknown): ParsedManifest {
  const schema = z.object({ schema: z.number() }).safeParse(stored).data?.schema;
  if (schema !== undefined && schema > MANIFEST_SCHEMA) {
    return {
      ok: false,
      problem: `its ${MANIFEST_FILE} is of a newer tool (schema ${schema}): deploy it with that one`,
    };
  }
  const result = manifestSchema.safeParse(stored);
  if (result.success) return { ok: true, manifest: result.data };
  const [first] = result.error.issues;
  const where = first === undefined || first.path.length === 0 ? '' : `${first.path.join('.')}: `;
  return { ok: false, problem: `its ${MANIFEST_FILE} is none (${where}${first?.message ?? 'unreadable'})` };
}

/** @returns whether `version` is `least` or newer */
export function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [numbersOf(version), numbersOf(least)];
  const at = have.findIndex((number, index) => number !== want[index]);
  return at === -1 || (have[at] ?? 0) > (want[at] ?? 0);
}

function numbersOf(version: string): readonly [number, number, number] {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
  return [major, minor, patch];
}
