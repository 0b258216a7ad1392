import { DeployError } from './errors';

/** The two sides of a blue-green pair: one serves, the other is free for the next release. */
export const COLOURS = ['blue', 'green'] as const;

export type Colour = (typeof COLOURS)[number];

/** One release on one colour. */
export type Target = Readonly<{ colour: Colour; release: string }>;

/** Where a release can run: a third process helps the live colour out while it is too much for one. */
export const SLOTS = [...COLOURS, 'standby'] as const;

export type Slot = (typeof SLOTS)[number];

/** One release in one slot. */
export type Placed = Readonly<{ colour: Slot; release: string }>;

/** @throws DeployError for what a person typed and is none */
export function readColour(text: string): Colour {
  const colour = COLOURS.find((one) => one === text);
  if (colour) return colour;
  throw new DeployError('usage', { what: `${JSON.stringify(text)} is no colour: ${COLOURS.join(' or ')}.` });
}

export function otherColour(colour: Colour): Colour {
  return colour === 'blue' ? 'green' : 'blue';
}

export function isSameTarget(a: Target | null, b: Target | null): boolean {
  return a?.colour === b?.colour && a?.release === b?.release;
}

/** How people read it: `green (r42)`. */
export function nameOf({ colour, release }: Placed): string {
  return `${colour} (${release})`;
}
