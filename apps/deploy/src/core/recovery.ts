import type { Action } from './action';
import { isSameTarget, nameOf, type Target } from './colour';
import { isHeardThroughNginx, liveTarget, servingOn, type Facts } from './facts';
import type { Unfinished } from './journal';
import { endPreview } from './preview-plan';
import { standUp } from './standby';
import { drainAndStop, prepareNginx, type Plan } from './plan';

/** How an unfinished run is brought to an end: finished, or undone. */
export type Recovery = Readonly<{ direction: 'forward' | 'back'; why: string; plan: Plan }>;

/**
 * Decides from the journal and from what really runs. After the verification it goes forward, before it back, unless
 * only one of the two sides still serves: then that one is kept.
 *
 * @param isUnwanted whoever comes next wants it undone, as long as what served before is still warm
 */
export function recover(unfinished: Unfinished, facts: Facts, isUnwanted = false): Recovery {
  const { to } = unfinished;
  if (unfinished.intent === 'contract') return leaveContract(unfinished);
  const isUp = isSameTarget(servingOn(facts, to.colour), to);
  const isLinked = facts.link?.colour === to.colour && isUp;
  const old = survivor(unfinished, facts);
  const isWanted = unfinished.verified && !isUnwanted;
  if (isLinked && (isWanted || old === null)) return forward(unfinished, facts);
  return back(unfinished, facts, old);
}

/** It moved nobody, and the floor stands before anything is taken away: whoever runs it again goes on with it. */
function leaveContract({ from, to }: Unfinished): Recovery {
  const why = 'nobody was moved; npm run deploy -- contract goes on with the migrations';
  return { direction: 'forward', why, plan: asPlan(from, to, []) };
}

/** The release that served before the run, if it still does. */
function survivor({ from, to }: Unfinished, facts: Facts): Target | null {
  const live = liveTarget(facts);
  if (live && live.colour !== to.colour) return live;
  return from && from.colour !== to.colour ? servingOn(facts, from.colour) : null;
}

function forward({ to, from, verified }: Unfinished, facts: Facts): Recovery {
  const left = from && from.colour !== to.colour ? leftovers(facts, from.colour) : [];
  const actions: readonly Action[] = [
    { kind: 'record', to },
    ...endPreview(facts),
    ...standUp(facts, to.release),
    ...left,
  ];
  const why = verified ? `${nameOf(to)} had been verified` : `only ${nameOf(to)} serves`;
  return { direction: 'forward', why, plan: asPlan(from, to, actions) };
}

function back({ to, from }: Unfinished, facts: Facts, old: Target | null): Recovery {
  const isPointed = old !== null && facts.link?.colour === old.colour;
  // A reload may have been missing: the file names one colour, and nginx still sends people to the other.
  const needsSwitch = old !== null && (!isPointed || isHeardThroughNginx(facts, to.colour));
  // nginx matters here only for asking through it: a broken one must not keep an undoing from its end.
  const switchBack: readonly Action[] = needsSwitch
    ? [...prepareNginx(facts), { kind: 'switch', from: to, to: old }, { kind: 'verify', from: null, to: old }]
    : [];
  // Where the run had been recorded already, the state would name what is stopped now.
  const isForgotten = old !== null && facts.state !== null && !isSameTarget(facts.state.live, old);
  const record: readonly Action[] = isForgotten ? [{ kind: 'record', to: old, undoes: to.release }] : [];
  const actions = [
    ...switchBack,
    ...record,
    ...endPreview(facts, to.colour),
    ...standUp(facts, old?.release ?? null),
    ...leftovers(facts, to.colour),
  ];
  const why = old ? `${nameOf(old)} still serves` : 'neither side serves';
  return { direction: 'back', why, plan: asPlan(from, old, actions) };
}

function leftovers(facts: Facts, colour: Target['colour']): readonly Action[] {
  const { process } = facts.colours[colour];
  return process ? drainAndStop({ colour, release: process.release }) : [];
}

function asPlan(from: Target | null, to: Target | null, actions: readonly Action[]): Plan {
  return { from, to, actions, notes: [] };
}
