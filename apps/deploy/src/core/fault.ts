import type { ActionKind } from './action';

const MOMENTS = ['before', 'after'] as const;
const WAYS = ['kill9', 'throw', 'hang', 'stop'] as const;

/**
 * A failure of this tool, made on purpose, to test that nobody is needed afterwards. `before`: the step was
 * announced in the journal and not begun. `after`: it was done and the journal does not say so yet. `stop`: as by SIGSTOP;
 * it goes on when it is continued.
 */
export type Fault = Readonly<{
  moment: (typeof MOMENTS)[number];
  step: string;
  way: (typeof WAYS)[number];
}>;

/** Reads `after:switch:kill9`. @returns null for anything else */
export function parseFault(text: string): Fault | null {
  const [first, step, third, ...rest] = text.split(':');
  const moment = MOMENTS.find((one) => one === first);
  const way = WAYS.find((one) => one === third);
  return moment && step && way && rest.length === 0 ? { moment, step, way } : null;
}

export function strikesAt(fault: Fault | null, moment: Fault['moment'], step: ActionKind): fault is Fault {
  return fault?.moment === moment && fault.step === step;
}
