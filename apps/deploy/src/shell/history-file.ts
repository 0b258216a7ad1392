import { readHistory } from '../core/history';
import type { Receipt } from '../core/receipt';
import type { DeployState } from '../core/state';
import { appendDurably } from './durable';
import { readIfThere } from './files';

/** Keeps what a command did; the file has one receipt a line and only grows. */
export async function keepReceipt(path: string, receipt: Receipt): Promise<void> {
  await appendDurably(path, JSON.stringify(receipt));
}

/** How far back is looked for releases that somebody might deploy once more. */
const LOOKED_AT = 2_000;

/** @returns every release that has served, as far as anybody remembers */
export async function servedReleases(path: string, state: DeployState | null): Promise<readonly string[]> {
  const { receipts } = readHistory(((await readIfThere(path)) ?? '').split('\n'), LOOKED_AT);
  const recorded = [state?.previous?.release, state?.live.release];
  const served = [...receipts.map(({ live }) => live?.release), ...recorded];
  return [...new Set(served.filter((id) => id !== undefined))];
}
