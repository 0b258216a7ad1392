import { nameOf, type Colour, type Target } from './colour';
import type { StepHook } from './hooks';

/**
 * One step. A plan is a list of these and nothing else, so that what `plan` prints is exactly what a deploy runs,
 * and what the journal says is enough for the next command to finish it or to undo it.
 */
export type Action =
  | Readonly<{ kind: 'configure-nginx' }>
  | Readonly<{ kind: 'start-nginx' }>
  | Readonly<{ kind: 'fetch'; to: Target; source: string; digest: string }>
  | Readonly<{ kind: 'migrate'; to: Target }>
  | Readonly<{ kind: 'raise-floor'; to: Target; migrations: readonly string[]; below: readonly string[] }>
  | Readonly<{ kind: 'contract'; to: Target }>
  | Readonly<{ kind: 'start'; to: Target }>
  | Readonly<{ kind: 'health'; to: Target }>
  | Readonly<{ kind: 'smoke'; to: Target }>
  | Readonly<{ kind: StepHook; from: Target | null; to: Target }>
  | Readonly<{ kind: 'preview'; to: Target; percent: number }>
  | Readonly<{ kind: 'end-preview'; colour: Colour }>
  | Readonly<{ kind: 'await-go'; to: Target }>
  | Readonly<{ kind: 'switch'; from: Target | null; to: Target }>
  | Readonly<{ kind: 'verify'; from: Target | null; to: Target }>
  | Readonly<{ kind: 'watch'; from: Target; to: Target }>
  | Readonly<{ kind: 'await-keep'; from: Target | null; to: Target }>
  | Readonly<{ kind: 'record'; to: Target; undoes?: string }>
  | Readonly<{ kind: 'drain'; from: Target }>
  | Readonly<{ kind: 'stop'; from: Target }>
  | Readonly<{ kind: 'stand-down' }>
  | Readonly<{ kind: 'stand-up'; release: string }>
  | Readonly<{ kind: 'prune'; keep: number }>;

export type ActionKind = Action['kind'];

const hookWords = ({ kind }: Readonly<{ kind: StepHook }>): string => `run the ${kind} hook`;

const WORDS: { readonly [K in ActionKind]: (action: Extract<Action, { kind: K }>) => string } = {
  'configure-nginx': () => 'write the nginx configuration, check it, take it into use',
  'start-nginx': () => 'start the private nginx',
  fetch: ({ to, source }) => `unpack ${to.release} from ${source}`,
  migrate: ({ to }) => `migrate the database (expand) with ${to.release}`,
  'raise-floor': ({ to }) => `refuse releases before ${to.release} from now on`,
  contract: ({ to }) => `take away what only they needed (contract) with ${to.release}`,
  start: ({ to }) => `start ${nameOf(to)} at an address of its own`,
  health: ({ to }) => `wait until ${nameOf(to)} is healthy and proves who it is`,
  smoke: ({ to }) => `run the smoke commands against ${nameOf(to)}`,
  'pre-deploy': hookWords,
  'post-health': hookWords,
  'pre-switch': hookWords,
  'post-switch': hookWords,
  'post-deploy': hookWords,
  preview: ({ to, percent }) =>
    `show ${nameOf(to)} to who has a token${percent > 0 ? `, and to ${percent} % of people` : ''}`,
  'end-preview': ({ colour }) => `show ${colour} to nobody any more`,
  'await-go': ({ to }) => `wait until every host is as far, with ${nameOf(to)} warm`,
  switch: ({ from, to }) => `switch ${from ? `from ${nameOf(from)} ` : ''}to ${nameOf(to)}`,
  verify: ({ to }) => `ask through nginx until only ${to.release} answers`,
  watch: ({ from, to }) => `watch ${nameOf(to)}, ready to give the traffic back to ${nameOf(from)}`,
  'await-keep': ({ to }) => `wait until every host has come through with ${to.release}`,
  record: ({ to }) => `record ${nameOf(to)} as live`,
  drain: ({ from }) => `let the websockets of ${nameOf(from)} go, and wait until nothing is under way there`,
  stop: ({ from }) => `stop ${nameOf(from)}`,
  'stand-down': () => 'take the standby out of the pool, and stop it',
  'stand-up': ({ release }) => `start the standby with ${release}, and add it to the pool`,
  prune: ({ keep }) => `remove releases that nobody will go back to (the last ${keep} stay)`,
};

/** What an action does, in the words of a checklist. */
export function describe<K extends ActionKind>(action: Extract<Action, { kind: K }>): string {
  const words: (action: Extract<Action, { kind: K }>) => string = WORDS[action.kind as K];
  return words(action);
}
