import { createHash } from 'node:crypto';
import { z } from 'zod';
import { DeployError } from '../core/errors';
import { parseState, type DeployState, type ParsedState } from '../core/state';
import { writeDurably } from './durable';
import { parseJson, readIfThere } from './files';

/** A state and how it was found. */
export type StoredState = Readonly<{ state: DeployState | null; notes: readonly string[] }>;

const envelope = z.object({ checksum: z.string(), state: z.unknown() });

/**
 * Reads the state; where it is damaged, the copy of the one before. With both gone there is none: what really runs
 * is looked at anyway, and it is right where the two differ.
 *
 * @throws DeployError for a state written by a newer tool
 */
export async function readState(path: string): Promise<StoredState> {
  const current = await readCopy(path);
  if (current === null || current.kind === 'ok') return { state: current?.state ?? null, notes: [] };
  const copy = await readCopy(previousOf(path));
  if (copy?.kind === 'ok') {
    return { state: copy.state, notes: [`${path} is damaged; its previous copy is used`] };
  }
  return { state: null, notes: [`${path} and its previous copy are damaged; going by what runs`] };
}

/** @returns the state that the last one has replaced; null where it is damaged, or there is none */
export async function readStateBefore(path: string): Promise<DeployState | null> {
  const copy = await readCopy(previousOf(path));
  return copy?.kind === 'ok' ? copy.state : null;
}

/** Replaces the state and keeps the one before as a copy, unless that one is damaged. */
export async function writeState(path: string, state: DeployState): Promise<void> {
  const before = await readIfThere(path);
  if (before !== null && parseCopy(before).kind === 'ok') await writeDurably(previousOf(path), before);
  const text = JSON.stringify(state);
  await writeDurably(path, `${JSON.stringify({ checksum: checksumOf(text), state }, null, 2)}\n`);
}

async function readCopy(path: string): Promise<Exclude<ParsedState, { kind: 'newer' }> | null> {
  const text = await readIfThere(path);
  if (text === null) return null;
  const parsed = parseCopy(text);
  if (parsed.kind !== 'newer') return parsed;
  throw new DeployError('needsHuman', {
    what: `${path} was written by a newer version of this tool (schema ${parsed.schema}).`,
    left: 'Nothing was changed.',
    next: 'run the version that wrote it',
  });
}

function parseCopy(text: string): ParsedState {
  const { data } = envelope.safeParse(parseJson(text));
  if (!data) return { kind: 'corrupt', reason: 'it is not a state file' };
  const parsed = parseState(data.state);
  if (parsed.kind === 'ok' && checksumOf(JSON.stringify(data.state)) !== data.checksum) {
    return { kind: 'corrupt', reason: 'its checksum differs' };
  }
  return parsed;
}

function checksumOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function previousOf(path: string): string {
  return `${path}.previous`;
}
