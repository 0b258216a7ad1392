import { describe, type Action } from '../core/action';
import { perform } from '../shell/steps';
import type { Session } from './session';

/** Does actions that no journal has to know of, each with its line. */
export async function doNow({ site, reporter }: Session, actions: readonly Action[]): Promise<void> {
  for (const [index, action] of actions.entries()) {
    const begin = performance.now();
    const progress = reporter.begin(describe(action), { index, total: actions.length });
    try {
      const told = await perform(site, action, progress);
      const note = typeof told === 'string' ? told : told?.note;
      reporter.step(describe(action), performance.now() - begin, note);
    } finally {
      reporter.abandon();
    }
  }
}
