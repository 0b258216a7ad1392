import { setTimeout as sleep } from 'node:timers/promises';

/** @returns whether something comes to be so within `timeoutMs`, looking every `pauseMs` */
export async function isSoon(
  isSo: () => boolean | Promise<boolean>,
  timeoutMs: number,
  pauseMs: number,
): Promise<boolean> {
  const deadline = performance.now() + timeoutMs;
  while (!(await isSo())) {
    if (performance.now() > deadline) return false;
    await sleep(pauseMs);
  }
  return true;
}
