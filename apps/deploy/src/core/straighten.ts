import type { Action } from './action';
import { isSameTarget, type Target } from './colour';
import { driftOf, type Facts } from './facts';

/** A link or a state that names another than what serves is put right before anything is built on it. */
export function straighten(facts: Facts, live: Target | null): readonly Action[] {
  if (!live) return [];
  const recorded = facts.state?.live;
  const record: readonly Action[] =
    recorded && !isSameTarget(recorded, live) ? [{ kind: 'record', to: live }] : [];
  return [...straightenLink(facts, live), ...record];
}

/** A link that someone moved would carry the traffic elsewhere as soon as nginx gets our configuration again. */
function straightenLink({ link, nginx }: Facts, live: Target): readonly Action[] {
  // Nobody answers through nginx although its colour does: the link names the right colour and no socket.
  const isDangling = nginx.running && nginx.current && nginx.answers === null;
  if (link?.colour === live.colour && !isDangling) return [];
  return [{ kind: 'switch', from: null, to: live }];
}

/** Drift as a plan and a receipt tell it. */
export function driftNotes(facts: Facts): readonly string[] {
  return driftOf(facts).map((line) => `drift: ${line}`);
}
