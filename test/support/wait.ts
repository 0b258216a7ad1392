const PAUSE_MS = 10;
const DEADLINE_MS = 10_000;

/**
 * Asks again and again until a condition holds.
 *
 * @param what for the message when it never does
 * @throws after `deadlineMs`, 10 s by default
 */
export async function waitFor(
  what: string,
  holds: () => boolean | Promise<boolean>,
  { deadlineMs = DEADLINE_MS, pauseMs = PAUSE_MS } = {},
): Promise<void> {
  const end = Date.now() + deadlineMs;
  while (!(await holds())) {
    if (Date.now() > end) throw new Error(`waited ${deadlineMs} ms for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
}
