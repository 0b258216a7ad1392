import type { Placed } from '../core/colour';
import { findProcess, type ColourProcess } from './drivers/driver';
import type { Site } from './site';

/**
 * Follows one process from now on. A supervisor starts a dead one again at once, under the same name: that is another
 * life, and whoever judges a release must know.
 *
 * @returns a look: the process, or null when the first one that was seen has ended
 */
export async function lifeOf(site: Site, { colour }: Placed): Promise<() => Promise<ColourProcess | null>> {
  const first = await findProcess(site, colour);
  return async () => {
    const now = await findProcess(site, colour);
    if (!first || !now || now.pid === 0) return null;
    return now.pid === first.pid && now.startTicks === first.startTicks ? now : null;
  };
}
