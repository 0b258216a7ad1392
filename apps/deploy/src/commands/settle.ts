import { nameOf, type Target } from '../core/colour';
import { liveTarget } from '../core/facts';
import { gatherFacts } from '../shell/gather';
import { whySilent } from '../shell/heard';
import { settle as settleRun } from '../shell/settle';
import { alone } from './alone';
import type { Session } from './session';

/** How things are when nothing is under way any more. `settled` is null where nothing was. */
type SettleReport = Readonly<{
  settled: Readonly<{ run: string; direction: 'forward' | 'back'; why: string }> | null;
  live: Target | null;
}>;

/**
 * Finishes or undoes what a command that was killed or cancelled has left, as any next command would, and nothing else.
 *
 * @throws DeployError when it cannot be settled, or another command works
 */
export async function settle(session: Session): Promise<SettleReport> {
  return alone(session, 'settle', async () => {
    const settled = await settleRun(session);
    if (settled) {
      const { unfinished, direction, why, live } = settled;
      const run = { ...session, id: unfinished.run, steps: [] };
      const silence = live && (await whySilent(run, false));
      if (silence)
        throw silence.with({ left: renderSettled({ settled: { ...settled, run: run.id }, live }) });
      return { settled: { run: unfinished.run, direction, why }, live };
    }
    return { settled: null, live: liveTarget((await gatherFacts(session.site)).facts) };
  });
}

export function renderSettled({ settled, live }: SettleReport): string {
  const serves = live ? `${nameOf(live)} serves` : 'nothing serves';
  if (!settled) return `Nothing was under way; ${serves}.`;
  return `What was begun is ${settled.direction === 'forward' ? 'finished' : 'undone'}; ${serves}.`;
}
