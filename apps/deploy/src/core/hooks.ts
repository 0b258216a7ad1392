/** The moments of a run at which commands of the settings are run, in the order of a deploy. */
const STEP_HOOKS = ['pre-deploy', 'post-health', 'pre-switch', 'post-switch', 'post-deploy'] as const;
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
  /** one of several hosts: it waits for the others before the switch, and before it lets the old colour go */
  gated?: boolean;
}>;

export const NO_EXTRAS: Extras = {
  hooks: [],
  smoke: false,
  keepOld: false,
  keepReleases: null,
};

type Asked = Readonly<{
  hooks: Readonly<Record<Hook, string | null>>;
  smoke: Readonly<{ commands: readonly string[] }>;
  stop: Readonly<{ keepOld: boolean }>;
  releases: Readonly<{ keep: number }>;
}>;

/**
 * @param settings the sections of deploy.yml
 * @param job of a host among several; unset: nobody is waited for
 */
export function extrasOf(settings: Asked, job?: Readonly<{ isGated: boolean }>): Extras {
  const hooks = HOOKS.filter((hook) => settings.hooks[hook] !== null);
  const { smoke, stop, releases } = settings;
  return {
    hooks,
    smoke: smoke.commands.length > 0,
    keepOld: stop.keepOld,
    keepReleases: releases.keep,
    gated: job?.isGated ?? false,
  };
}
