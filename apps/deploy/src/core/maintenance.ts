import { z } from 'zod';

const maintenanceSchema = z.object({ since: z.string(), by: z.string() });

/** Who closed the site to people, and when (ISO instant). */
export type Maintenance = Readonly<z.output<typeof maintenanceSchema>>;

/** Reads the flag. One that a hand has made, with anything or nothing in it, closes the site just as well. */
export function parseMaintenance(content: unknown): Maintenance {
  return maintenanceSchema.safeParse(content).data ?? { since: 'an unknown time', by: 'hand' };
}

export function describeMaintenance({ since, by }: Maintenance): string {
  return `since ${since}, by ${by}: npm run deploy -- maintenance off opens it`;
}
