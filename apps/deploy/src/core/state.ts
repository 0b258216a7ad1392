import { z } from 'zod';
import { COLOURS } from './colour';
import { floorSchema } from './floor';
import { RELEASE_ID } from './names';

/** Raised when a field changes its meaning; a tool refuses the state of a newer one instead of guessing. */
export const STATE_SCHEMA = 1;

const release = z.string().regex(RELEASE_ID);

/** Where it was started from; absent in the states of older tools. */
const source = z.enum(['folder', 'build', 'image']).optional();

const stateSchema = z.object({
  schema: z.literal(STATE_SCHEMA),
  /** what serves since when; the fingerprint is of its code */
  live: z.object({
    colour: z.enum(COLOURS),
    release,
    fingerprint: z.string(),
    since: z.iso.datetime(),
    source,
  }),
  /** what served before: where `rollback` goes */
  previous: z.object({ release, fingerprint: z.string(), source }).nullable(),
  /** what can run at all; null: no contract migration was ever run, as in every state of an older tool */
  floor: floorSchema.nullable().default(null),
});

/** What this tool believes. Where nginx answers otherwise, nginx is right. */
export type DeployState = Readonly<z.output<typeof stateSchema>>;

export type ParsedState =
  | Readonly<{ kind: 'ok'; state: DeployState }>
  | Readonly<{ kind: 'newer'; schema: number }>
  | Readonly<{ kind: 'corrupt'; reason: string }>;

/** Reads a state that was stored, perhaps by another version of this tool, perhaps half. */
export function parseState(stored: unknown): ParsedState {
  const schema = z.object({ schema: z.number() }).safeParse(stored).data?.schema;
  if (schema !== undefined && schema > STATE_SCHEMA) return { kind: 'newer', schema };
  const result = stateSchema.safeParse(stored);
  if (result.success) return { kind: 'ok', state: result.data };
  return { kind: 'corrupt', reason: z.prettifyError(result.error) };
}

/**
 * The state after a release that had been recorded was undone: as it was before. The undone one is nothing to go back to.
 *
 * @param before the copy of the state that was replaced when it was recorded
 * @param live what serves again
 * @param now ISO instant
 */
export function afterUndoing(
  state: DeployState | null,
  before: DeployState | null,
  live: Omit<DeployState['live'], 'since'>,
  now: string,
): DeployState {
  const after = afterSwitch(state, live, now);
  if (before?.live.release !== live.release) return after;
  return { ...after, live: { ...live, since: before.live.since }, previous: before.previous };
}

/**
 * The state after a switch that was verified.
 *
 * @param now ISO instant
 */
export function afterSwitch(
  before: DeployState | null,
  live: Omit<DeployState['live'], 'since'>,
  now: string,
): DeployState {
  const was = before?.live;
  const isSame = was?.release === live.release;
  const previous = isSame
    ? before?.previous
    : was && { release: was.release, fingerprint: was.fingerprint, source: was.source };
  const floor = before?.floor ?? null;
  return { schema: STATE_SCHEMA, live: { ...live, since: now }, previous: previous ?? null, floor };
}
