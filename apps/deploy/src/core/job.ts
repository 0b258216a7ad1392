import { z } from 'zod';

/**
 * What the coordinating machine tells a host that waits. `go`: every host is prepared. `keep`: every host has come through.
 * `undo`: one has not.
 */
export const ORDERS = ['go', 'keep', 'undo'] as const;

export type Order = (typeof ORDERS)[number];

/** The two places where a host waits for the others. */
export type Gate = Exclude<Order, 'undo'>;

/** A command that a host runs by itself, whether anybody listens or not. */
export const jobSchema = z.object({
  id: z.string().regex(/^[\w.-]{1,80}$/),
  words: z.array(z.string()),
  /** whether it waits for the other hosts */
  isGated: z.boolean(),
  /** whether this is the host that migrates */
  migrates: z.boolean(),
  goTimeoutMs: z.number(),
  /** of the release as the coordinating machine knows it; null: whichever is there */
  fingerprint: z.string().nullable(),
  /** who asked for it, as the coordinating machine knows */
  askedBy: z.string().nullable(),
  settings: z.record(z.string(), z.unknown()),
});

export type Job = Readonly<z.output<typeof jobSchema>>;

/** A job as its steps see it. */
export type JobPlace = Readonly<
  Pick<Job, 'isGated' | 'migrates' | 'goTimeoutMs' | 'fingerprint'> & { dir: string }
>;

/** What a host says. `at` and `now` are of its own clock, in ms since the epoch. */
const eventSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('line'), text: z.string() }),
  z.object({ kind: z.literal('step'), step: z.string() }),
  z.object({ kind: z.literal('waits'), gate: z.enum(['go', 'keep']) }),
  z.object({ kind: z.literal('ended'), exitCode: z.number(), output: z.unknown() }),
  /** its process has gone without a result */
  z.object({ kind: z.literal('died') }),
  z.object({ kind: z.literal('heard'), order: z.enum(ORDERS) }),
  z.object({ kind: z.literal('pong'), sent: z.number(), now: z.number() }),
  /** this tool is not there yet, in this version */
  z.object({ kind: z.literal('no-runner') }),
]);

export type HostEvent = Readonly<z.output<typeof eventSchema>>;

/** What the coordinating machine says: the job first, then signs of life and orders. */
const messageSchema = z.discriminatedUnion('say', [
  z.object({ say: z.literal('attend'), job: jobSchema, seen: z.number() }),
  z.object({ say: z.literal('alive'), sent: z.number() }),
  z.object({ say: z.literal('order'), order: z.enum(ORDERS) }),
]);

export type Message = Readonly<z.output<typeof messageSchema>>;

/** @returns null for a line that is none, such as a banner that a login shell prints */
export function readEvent(line: string): HostEvent | null {
  return read(eventSchema, line);
}

export function readMessage(line: string): Message | null {
  return read(messageSchema, line);
}

function read<T>(schema: z.ZodType<T>, line: string): T | null {
  try {
    return schema.safeParse(JSON.parse(line)).data ?? null;
  } catch {
    return null;
  }
}
