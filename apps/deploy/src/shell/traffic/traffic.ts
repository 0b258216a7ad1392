import type { Colour, Target } from '../../core/colour';
import type { Site } from '../site';
import { byLink } from './live-link';

/** How the traffic of the site is sent to one of the two colours. */
export type Traffic = Readonly<{
  /** @returns the colour that requests are sent to; null when they are sent to none of ours */
  where: (site: Site) => Promise<Colour | null>;
  /** Sends all requests to a colour from now on. @returns a note for the receipt */
  point: (site: Site, to: Target) => Promise<string | void>;
  /** @returns when it was last pointed somewhere, in ms since the epoch */
  pointedAtMs: (site: Site) => Promise<number>;
}>;

/** How the traffic of a site is sent. */
export function trafficOf(_site: Site): Traffic {
  return byLink;
}
