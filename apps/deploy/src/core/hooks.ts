/** The moments of a run at which commands of the settings are run, in the order of a deploy. */
export const STEP_HOOKS = ['pre-deploy', 'post-health', 'pre-switch', 'post-switch', 'post-deploy'] as const;
export const HOOKS = [...STEP_HOOKS, 'on-failure'] as const;

export type StepHook = (typeof STEP_HOOKS)[number];
export type Hook = (typeof HOOKS)[number];

/** What the settings add to every plan. */
export type Extras = Readonly<{
  hooks: readonly Hook[];
  smoke: boolean;
  /** the colour that traffic has left goes on running: the way back takes no start */
  keepOld: boolean;
  /** how many unpacked releases stay after a deploy; null: all */
  keepReleases: number | null;
}>;

export const NO_EXTRAS: Extras = { hooks: [], smoke: false, keepOld: false, keepReleases: null };

/** @param settings the sections of deploy.yml */
export function extrasOf(settings: {
  readonly hooks: Readonly<Record<Hook, string | null>>;
  readonly smoke: Readonly<{ commands: readonly string[] }>;
  readonly stop: Readonly<{ keepOld: boolean }>;
  readonly releases: Readonly<{ keep: number }>;
}): Extras {
  const hooks = HOOKS.filter((hook) => settings.hooks[hook] !== null);
  const { smoke, stop, releases } = settings;
  return {
    hooks,
    smoke: smoke.commands.length > 0,
    keepOld: stop.keepOld,
    keepReleases: releases.keep,
  };
}
