import type { Action, ActionKind } from './action';
import { isSameTarget, nameOf, type Colour, type Target } from './colour';

/** The world just before a step, as far as the step depends on it. */
export type Moment = Readonly<{
  /** the colour that the traffic is sent to; null: none of ours */
  traffic: Colour | null;
  /** what answers on the colour of the step, by itself */
  serving: Target | null;
}>;

/** The target whose colour a step is dangerous for, or that it needs. Null: it harms nobody, whatever has happened since. */
export function guarded(action: Action): Target | null {
  switch (action.kind) {
    case 'start':
    case 'switch':
    case 'record':
      return action.to;
    case 'drain':
    case 'stop':
      return action.from;
    default:
      return null;
  }
}

/**
 * Why a step must not be done after all. A plan is made from one look at the world; the deployer may have been stopped
 * for hours since, or somebody may have moved the traffic by hand.
 *
 * @returns null when the world is still the one that the plan was made for
 */
export function objectionTo(action: Action, { traffic, serving }: Moment): string | null {
  switch (action.kind) {
    case 'start':
      return serving && traffic === serving.colour ? `${nameOf(serving)} has the traffic by now` : null;
    case 'switch':
      return isSameTarget(serving, action.to) ? null : `${nameOf(action.to)} does not answer any more`;
    case 'record':
      return traffic === action.to.colour ? null : `the traffic is no longer on ${nameOf(action.to)}`;
    case 'drain':
    case 'stop':
      return serving && traffic === serving.colour ? `the traffic is on ${nameOf(serving)} again` : null;
    default:
      return null;
  }
}

/** After these there is no way back, or nobody knows of it. */
const FINAL: readonly ActionKind[] = ['record', 'drain', 'stop'];

/**
 * Whom a step relies on: it lets the other colour go, or says who serves, because the traffic was sent there before.
 *
 * @param index of the step; beyond the last one: the end of the run, which says that all is well
 * @returns null when it relies on nobody
 */
export function reliedOnBy(actions: readonly Action[], index: number): Target | null {
  const action = actions[index];
  if (action && !FINAL.includes(action.kind)) return null;
  const before = actions.slice(0, index).findLast(({ kind }) => kind === 'switch');
  return before?.kind === 'switch' ? before.to : null;
}
