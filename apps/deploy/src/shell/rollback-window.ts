import type { DeployState } from '../core/state';
import type { Site } from './site';

/** Until when what `rollback` needs is kept. Without a release to go back to nothing has to be kept. */
export type RollbackWindow = Readonly<{ isOpen: boolean; closesAt: string }>;

export function rollbackWindow({ settings }: Site, state: DeployState | null): RollbackWindow {
  const since = state ? Date.parse(state.live.since) : 0;
  const closes = since + settings.migrations.rollbackWindowMs;
  const hasWayBack = (state?.previous ?? null) !== null;
  return { isOpen: hasWayBack && Date.now() < closes, closesAt: new Date(closes).toISOString() };
}
