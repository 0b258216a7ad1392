import type { Placed } from '../core/colour';
import { findProcess, type ColourProcess } from './drivers/driver';
import type { Site } from './site';

/** A look at one process: null when it has ended. */
export type Life = () => Promise<ColourProcess | null>;

/**
 * Follows one process from now on. A supervisor starts a dead one again at once, under the same name: that is another
 * life, and whoever judges a release must know.
 *
 * @returns a look: the process, or null when the first one that was seen has ended
 */
export function lifeOf(site: Site, { colour }: Placed): Promise<Life> {
  return follow(() => findProcess(site, colour));
}

/** @param find looks for whatever runs under the name; pid 0: a supervisor is about to start it again */
export async function follow(find: Life): Promise<Life> {
  const first = await find();
  return async () => {
    const now = await find();
    if (!first || !now || now.pid === 0) return null;
    return now.pid === first.pid && now.startTicks === first.startTicks ? now : null;
  };
}
