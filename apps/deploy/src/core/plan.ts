import type { Action } from './action';
import { nameOf, otherColour, type Target } from './colour';
import { DeployError } from './errors';
import { refuseBelow } from './floor';
import { refuseMoved } from './refusals';
import type { Intent } from './receipt';
import { NO_EXTRAS, type Extras, type StepHook } from './hooks';
import { endPreview, isPreviewed } from './preview-plan';
import { idleColour, liveTarget, previousOf, servingOn, type Facts, type ReleaseFacts } from './facts';
import { driftNotes, straighten } from './straighten';
import { standDown, standUp } from './standby';
import { fetchFirst, pruneLast, refuseChangedCode, wayBack, whyGone } from './releases-plan';

/** What will be done, in order. An empty list of actions: it is done already. */
export type Plan<T extends Target | null = Target | null> = Readonly<{
  from: Target | null;
  to: T;
  actions: readonly Action[];
  notes: readonly string[];
}>;

/** A plan at whose end a release is live. */
export type LivePlan = Plan<Target> &
  Readonly<{
    intent: Intent;
    /** of the release's code; absent where nothing was started */
    digest?: string;
  }>;

/**
 * What it takes to make a release live.
 *
 * @param extras what the settings add to the steps
 * @throws DeployError when the same id stands for other code than the live one
 */
export function planDeploy(facts: Facts, release: ReleaseFacts, extras = NO_EXTRAS): LivePlan {
  const live = liveTarget(facts);
  refuseChangedCode(facts, release);
  const digest = release.fingerprint;
  if (live?.release === release.id) return { intent: 'deploy', digest, ...nothingToDo(facts, live) };
  refuseBelow(facts.state?.floor ?? null, release);
  return {
    intent: 'deploy',
    digest,
    ...bringUp(facts, release.id, { ...extras, migrate: release.migrates, takeWarm: false, fetch: release }),
  };
}

/**
 * What it takes to go back to the release that served before. Migrations stay: an older release runs on a newer
 * schema as long as only `expand` migrations have run, and is refused in advance afterwards.
 *
 * @param release the recorded one as it is found today; null when it is gone
 * @throws DeployError when there is nothing to go back to, or other code under its id
 */
export function planRollback(facts: Facts, release: ReleaseFacts | null, extras = NO_EXTRAS): LivePlan {
  const recorded = previousOf(facts);
  if (!recorded) {
    throw new DeployError('usage', {
      what: 'There is no earlier release to go back to.',
      next: 'npm run deploy -- status',
    });
  }
  if (!release || release.fingerprint !== recorded.fingerprint) {
    throw new DeployError('needsHuman', {
      what: `Release ${recorded.release} cannot be started again: ${whyGone(recorded, release)}.`,
      left: 'Nothing was changed; the live release keeps serving.',
      next: wayBack(recorded),
    });
  }
  refuseBelow(facts.state?.floor ?? null, release);
  return {
    intent: 'rollback',
    digest: release.fingerprint,
    ...bringUp(facts, release.id, { ...extras, migrate: false, takeWarm: true, keepReleases: null }),
  };
}

/**
 * What it takes to move the traffic to the other colour, which runs already. The one that it leaves stays warm.
 *
 * @throws DeployError when there is nothing to switch to
 */
export function planSwitch(facts: Facts, extras = NO_EXTRAS): LivePlan {
  const live = liveTarget(facts);
  const colour = idleColour(facts);
  const { process } = facts.colours[colour];
  const to = servingOn(facts, colour);
  if (!to) {
    const why = process
      ? `${nameOf({ colour, release: process.release })} does not answer`
      : `nothing runs on ${colour}`;
    throw new DeployError(process ? 'unhealthy' : 'usage', {
      what: `There is nothing to switch to: ${why}.`,
      left: live ? `${nameOf(live)} serves as before.` : 'Nothing serves.',
      next: 'npm run deploy -- rollback starts the release before and switches to it',
    });
  }
  refuseBelow(facts.state?.floor ?? null, { id: to.release });
  const wish = { ...extras, migrate: false, takeWarm: true, keepOld: true, keepReleases: null };
  return { intent: 'switch', ...bringUp(facts, to.release, wish) };
}

/**
 * What it takes to have a release wait on the idle colour, and show it to a few.
 *
 * @param percent share of people who meet it without a token
 * @throws DeployError when nothing serves, or the release is live already
 */
export function planPreview(
  facts: Facts,
  release: ReleaseFacts,
  percent: number,
  extras = NO_EXTRAS,
): LivePlan {
  const from = liveTarget(facts);
  refuseChangedCode(facts, release);
  if (from === null || from.release === release.id) {
    throw new DeployError('usage', {
      what: from
        ? `${nameOf(from)} is live already: everybody sees it.`
        : 'Nothing serves: there is nothing to preview beside.',
      left: 'Nothing was changed.',
      next: from ? 'preview another release' : `npm run deploy -- deploy ${release.id}`,
    });
  }
  refuseBelow(facts.state?.floor ?? null, release);
  const to: Target = { colour: idleColour(facts), release: release.id };
  const actions: readonly Action[] = [
    ...fetchFirst(to, release),
    ...endPreview(facts),
    ...prepareNginx(facts),
    ...clear(facts, to.colour),
    ...(release.migrates ? [{ kind: 'migrate', to } as const] : []),
    { kind: 'start', to },
    { kind: 'health', to },
    ...(extras.smoke ? [{ kind: 'smoke', to } as const] : []),
    ...(extras.hooks.includes('post-health') ? [{ kind: 'post-health', from, to } as const] : []),
    { kind: 'preview', to, percent },
  ];
  return { intent: 'preview', digest: release.fingerprint, from, to, actions, notes: [] };
}

type Wish = Extras &
  Readonly<{
    migrate: boolean;
    /** a process of the release that runs already will do */
    takeWarm: boolean;
    /** absent: it is there */
    fetch?: ReleaseFacts;
  }>;

function bringUp(facts: Facts, release: string, wish: Wish): Plan<Target> {
  refuseMoved(facts);
  const from = liveTarget(facts);
  const to: Target = { colour: idleColour(facts), release };
  const isShown = isPreviewed(facts, to);
  const isWarm = (wish.takeWarm || isShown) && servingOn(facts, to.colour)?.release === release;
  const hook = (kind: StepHook): readonly Action[] => (wish.hooks.includes(kind) ? [{ kind, from, to }] : []);
  const actions: readonly Action[] = [
    ...hook('pre-deploy'),
    ...fetchFirst(to, wish.fetch),
    ...(isShown ? [] : endPreview(facts)),
    ...straighten(facts, from),
    ...prepareNginx(facts),
    ...(isWarm ? [] : clear(facts, to.colour)),
    ...(wish.migrate ? [{ kind: 'migrate', to } as const] : []),
    ...(isWarm ? [] : [{ kind: 'start', to } as const]),
    { kind: 'health', to },
    ...(wish.smoke ? [{ kind: 'smoke', to } as const] : []),
    ...hook('post-health'),
    ...hook('pre-switch'),
    ...(wish.gated ? [{ kind: 'await-go', to } as const] : []),
    ...standDown(facts),
    { kind: 'switch', from, to },
    { kind: 'verify', from, to },
    ...(isShown ? endPreview(facts) : []),
    ...hook('post-switch'),
    ...watchAfter(from, to),
    ...(wish.gated ? [{ kind: 'await-keep', from, to } as const] : []),
    { kind: 'record', to },
    ...standUp(facts, release),
    ...(wish.keepOld && from ? [] : leave(facts, to, from)),
    ...pruneLast(wish.keepReleases),
    ...hook('post-deploy'),
  ];
  return { from, to, actions, notes: notesOf(facts) };
}

function notesOf(facts: Facts): readonly string[] {
  const { caveat } = facts.nginx;
  return caveat === undefined ? driftNotes(facts) : [...driftNotes(facts), caveat];
}

/** Worth it only while there is somewhere to go back to. */
function watchAfter(from: Target | null, to: Target): readonly Action[] {
  return from ? [{ kind: 'watch', from, to }] : [];
}

/** The private nginx is brought into shape before anything depends on it. */
export function prepareNginx({ nginx }: Facts): readonly Action[] {
  if (!nginx.managed) return [];
  const configure: readonly Action[] = nginx.current ? [] : [{ kind: 'configure-nginx' }];
  return nginx.running ? configure : [...configure, { kind: 'start-nginx' }];
}

/** Whatever a broken deploy left on the idle side goes first. */
export function clear(facts: Facts, colour: Target['colour']): readonly Action[] {
  const { process } = facts.colours[colour];
  return process ? drainAndStop({ colour, release: process.release }) : [];
}

/** The other side is let go when traffic has left it; one that does not answer is stopped all the same. */
function leave(facts: Facts, to: Target, from: Target | null): readonly Action[] {
  return from ? drainAndStop(from) : clear(facts, otherColour(to.colour));
}

export function drainAndStop(from: Target): readonly Action[] {
  return [
    { kind: 'drain', from },
    { kind: 'stop', from },
  ];
}

function nothingToDo(facts: Facts, live: Target): Plan<Target> {
  const note = `${nameOf(live)} is live already. To start the same code afresh, deploy it under another id.`;
  const actions = [...straighten(facts, live), ...prepareNginx(facts)];
  return { from: live, to: live, actions, notes: [...driftNotes(facts), note] };
}
