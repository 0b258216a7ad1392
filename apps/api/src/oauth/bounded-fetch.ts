import { LIMITS } from '../http/limits';

/** An answer is larger than anything that a provider has to tell. */
export class AnswerTooLarge extends Error {
  constructor() {
    super(`more than ${LIMITS.providerAnswerBytes} bytes`);
    this.name = 'AnswerTooLarge';
  }
}

/**
 * `fetch` that reads no more of an answer than is allowed, and all of it at once: the signal then bounds the time of
 * the whole answer, not only of its head. Redirects are not followed: they would take the code elsewhere.
 *
 * @throws AnswerTooLarge, or what `fetch` throws
 */
export async function boundedFetch(url: string, options: RequestInit): Promise<Response> {
  const answer = await fetch(url, { ...options, redirect: 'manual' });
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of answer.body ?? []) {
    bytes += chunk.byteLength;
    if (bytes > LIMITS.providerAnswerBytes) throw new AnswerTooLarge();
    chunks.push(chunk);
  }
  const { status, headers } = answer;
  return new Response(bytes === 0 ? null : Buffer.concat(chunks), { status, headers });
}
