import { readHistory, type History } from '../core/history';
import { readIfThere } from '../shell/files';
import type { Session } from './session';

/** The receipts of the newest runs. Changes nothing and takes no lock. */
export async function history({ site }: Session, limit: number): Promise<History> {
  const text = (await readIfThere(site.layout.historyFile)) ?? '';
  return readHistory(text.split('\n'), limit);
}
