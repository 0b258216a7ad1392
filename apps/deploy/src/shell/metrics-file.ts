import { resolve } from 'node:path';
import { readHistory } from '../core/history';
import { renderMetrics } from '../core/metrics';
import { writeDurably } from './durable';
import { readIfThere } from './files';
import { lockHolder } from './lock';
import type { Site } from './site';

/**
 * Tells Prometheus how things are, where `metrics.textfile` is set: a whole new file each time, by a rename.
 *
 * @param draining requests under way and open websockets on a colour that is being drained
 * @returns why it could not be written, which must not keep a deploy from its end; null when all is well
 */
export async function writeMetrics({ settings, layout }: Site, draining = 0): Promise<string | null> {
  const { textfile } = settings.metrics;
  if (textfile === null) return null;
  try {
    const lines = ((await readIfThere(layout.historyFile)) ?? '').split('\n');
    const since = (await lockHolder(layout.lockFile))?.since;
    const lockAgeS = since === undefined ? 0 : Math.max(0, Date.now() - Date.parse(since)) / 1_000;
    const { receipts } = readHistory(lines, Infinity);
    await writeDurably(resolve(layout.projectDir, textfile), renderMetrics({ receipts, lockAgeS, draining }));
    return null;
  } catch (error) {
    return `the metrics cannot be written: ${error instanceof Error ? error.message : String(error)}`;
  }
}
