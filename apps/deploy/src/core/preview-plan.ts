import type { Action } from './action';
import type { Colour, Target } from './colour';
import { servingOn, type Facts } from './facts';

/** Whether this very release waits on its colour and is shown to a few: it needs no start to go live. */
export function isPreviewed(facts: Facts, { colour, release }: Target): boolean {
  return facts.preview?.colour === colour && servingOn(facts, colour)?.release === release;
}

/** Nobody is shown a colour any more: comes before that colour is let go. */
export function endPreview({ preview }: Facts, colour?: Colour): readonly Action[] {
  if (!preview || (colour !== undefined && preview.colour !== colour)) return [];
  return [{ kind: 'end-preview', colour: preview.colour }];
}
