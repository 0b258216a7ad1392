import { rm } from 'node:fs/promises';
import { parseMaintenance, type Maintenance } from '../core/maintenance';
import type { Layout } from '../core/layout';
import { writeDurably } from './durable';
import { parseJson, readIfThere } from './files';

/** @returns null while the site is open */
export async function readMaintenance({ maintenanceFile }: Layout): Promise<Maintenance | null> {
  const text = await readIfThere(maintenanceFile);
  return text === null ? null : parseMaintenance(parseJson(text));
}

/** nginx looks for the file at every request: it needs no reload, and finds the file again when it is restarted. */
export async function setMaintenance({ maintenanceFile }: Layout, to: Maintenance | null): Promise<void> {
  if (to === null) await rm(maintenanceFile, { force: true });
  else await writeDurably(maintenanceFile, `${JSON.stringify(to)}\n`);
}
