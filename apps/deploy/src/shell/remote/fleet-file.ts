import { z } from 'zod';
import { ORDERS } from '../../core/job';
import { writeDurably } from '../durable';
import { parseJson, readIfThere } from '../files';
import type { Site } from '../site';

const memorySchema = z.object({
  /** hosts that did not come along when the others did, and what they should serve */
  behind: z.array(z.object({ host: z.string(), release: z.string(), since: z.string() })),
  /** the last run, until its end: which word was given, if any */
  run: z.object({ id: z.string(), release: z.string(), order: z.enum(ORDERS).nullable() }).nullable(),
  /** of the last run in which several hosts switched */
  skewMs: z.number().nullable(),
});

/** What the coordinating machine remembers. All of it can be lost: what the hosts say of themselves is right. */
export type FleetMemory = Readonly<z.output<typeof memorySchema>>;

const NOTHING: FleetMemory = { behind: [], run: null, skewMs: null };

export async function readMemory({ layout }: Site): Promise<FleetMemory> {
  const text = (await readIfThere(fileOf(layout.stateDir))) ?? '';
  return memorySchema.safeParse(parseJson(text)).data ?? NOTHING;
}

/** On disk when this returns: a word that is written down may be given. */
export async function remember(site: Site, changes: Partial<FleetMemory>): Promise<void> {
  const memory = { ...(await readMemory(site)), ...changes };
  await writeDurably(fileOf(site.layout.stateDir), JSON.stringify(memory));
}

function fileOf(stateDir: string): string {
  return `${stateDir}/fleet.json`;
}
