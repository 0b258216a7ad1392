import { renderReceipt } from '../core/render';
import type { Receipt } from '../core/receipt';
import { siteUrl, type Site } from './site';

/**
 * Tells the webhook of the settings how a run ended. Nothing here says its address: whoever knows it can write there.
 *
 * @returns why it could not be told; null when it was, or there is no webhook
 */
export async function notify(site: Site, receipt: Receipt): Promise<string | null> {
  const { webhook, timeoutMs } = site.settings.notify;
  if (webhook === null) return null;
  try {
    const { status } = await fetch(webhook, {
      method: 'POST',
      redirect: 'manual',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: `${siteUrl(site)}\n${textOf(receipt)}` }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    return status >= 200 && status < 300 ? null : `the webhook answered ${status}`;
  } catch (error) {
    const isLate = error instanceof Error && error.name === 'TimeoutError';
    return isLate ? `the webhook did not answer within ${timeoutMs} ms` : 'the webhook cannot be reached';
  }
}

function textOf(receipt: Receipt): string {
  const { by, askedBy, error } = receipt;
  const who = `by ${askedBy ?? by}`;
  return [renderReceipt(receipt), ...(error === undefined ? [] : [error]), who].join('\n');
}
