import type { Colour, Target } from '../../core/colour';
import type { Site } from '../site';
import { byInclude } from './live-include';
import { byLink } from './live-link';

/** How the traffic of the site is sent to one of the two colours. */
export type Traffic = Readonly<{
  /** @returns the colour that requests are sent to; null when they are sent to none of ours */
  where: (site: Site) => Promise<Colour | null>;
  /** Sends all requests to a colour from now on. @returns a note for the receipt */
  point: (site: Site, to: Target) => Promise<string | void>;
  /** Does the same at a boot, before nginx runs: what it finds when it starts. @returns a note for who reads the log */
  restore: (site: Site, to: Target) => Promise<string | void>;
  /** @returns when it was last pointed somewhere, in ms since the epoch */
  pointedAtMs: (site: Site) => Promise<number>;
  /** Makes what nginx must find before it is started. Changes nothing where that is there. */
  prepare: (site: Site) => Promise<void>;
  /** Sends requests to none of ours: the site is taken down. */
  forget: (site: Site) => Promise<void>;
  /**
   * Asked before a colour that the traffic has left is let go.
   *
   * @returns why requests may still reach it without nginx taking new connections for it; null when none can
   */
  lingering: (site: Site, elapsedMs: number) => Promise<string | null>;
}>;

/** How the traffic of a site is sent. */
export function trafficOf({ settings }: Site): Traffic {
  return settings.switch.strategy === 'reload' ? byInclude : byLink;
}
