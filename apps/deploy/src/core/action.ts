import { nameOf, type Colour, type Target } from './colour';
import type { StepHook } from './hooks';

/**
 * One step. A plan is a list of these and nothing else, so that what `plan` prints is exactly what a deploy runs,
 * and what the journal says is enough for the next command to finish it or to undo it.
 */
export type Action =
  | Readonly<{ kind: 'configure-nginx' }>
  | Readonly<{ kind: 'start-nginx' }>
  | Readonly<{ kind: 'migrate'; to: Target }>
  | Readonly<{ kind: 'start'; to: Target }>
  | Readonly<{ kind: 'health'; to: Target }>
  | Readonly<{ kind: 'smoke'; to: Target }>
  | Readonly<{ kind: StepHook; from: Target | null; to: Target }>
  | Readonly<{ kind: 'preview'; to: Target; percent: number }>
  | Readonly<{ kind: 'end-preview'; colour: Colour }>
  | Readonly<{ kind: 'switch'; from: Target | null; to: Target }>
  | Readonly<{ kind: 'verify'; from: Target | null; to: Target }>
  | Readonly<{ kind: 'watch'; from: Target; to: Target }>
  | Readonly<{ kind: 'record'; to: Target }>
  | Readonly<{ kind: 'drain'; from: Target }>
  | Readonly<{ kind: 'stop'; from: Target }>;

export type ActionKind = Action['kind'];

/** What an action does, in the words of a checklist. */
export function describe(action: Action): string {
  switch (action.kind) {
    case 'configure-nginx':
      return 'write the nginx configuration, check it, take it into use';
    case 'start-nginx':
      return 'start the private nginx';
    case 'migrate':
      return `migrate the database (expand) with ${action.to.release}`;
    case 'start':
      return `start ${nameOf(action.to)} at an address of its own`;
    case 'health':
      return `wait until ${nameOf(action.to)} is healthy and proves who it is`;
    case 'smoke':
      return `run the smoke commands against ${nameOf(action.to)}`;
    case 'pre-deploy':
    case 'post-health':
    case 'pre-switch':
    case 'post-switch':
    case 'post-deploy':
      return `run the ${action.kind} hook`;
    case 'preview':
      return `show ${nameOf(action.to)} to who has a token${action.percent > 0 ? `, and to ${action.percent} % of people` : ''}`;
    case 'end-preview':
      return `show ${action.colour} to nobody any more`;
    case 'switch':
      return `switch ${action.from ? `from ${nameOf(action.from)} ` : ''}to ${nameOf(action.to)}`;
    case 'verify':
      return `ask through nginx until only ${action.to.release} answers`;
    case 'watch':
      return `watch ${nameOf(action.to)}, ready to give the traffic back to ${nameOf(action.from)}`;
    case 'record':
      return `record ${nameOf(action.to)} as live`;
    case 'drain':
      return `wait until ${nameOf(action.from)} has no request under way`;
    case 'stop':
      return `stop ${nameOf(action.from)}`;
  }
}
