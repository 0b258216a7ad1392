import type { Receipt } from '../core/receipt';
import { appendDurably } from './durable';

/** Keeps what a command did; the file has one receipt a line and only grows. */
export async function keepReceipt(path: string, receipt: Receipt): Promise<void> {
  await appendDurably(path, JSON.stringify(receipt));
}
