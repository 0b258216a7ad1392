import { COLOURS, isSameTarget, nameOf, otherColour, type Colour, type Target } from './colour';
import type { Preview } from './preview';
import type { Standby } from './standby';
import type { DeployState } from './state';
import type { Strategy } from './switch-settings';

/** Who answers: a process proves it by its health answer. */
export type Identity = Readonly<{ release: string; colour: string; pid: number; startedAt: string }>;

/** The process that was started on a colour, if it still runs. */
export type ColourFacts = Readonly<{
  process: Readonly<{ pid: number; release: string }> | null;
  /** what its own socket says; null when nobody answers */
  answers: Identity | null;
}>;

export type NginxFacts = Readonly<{
  /** whether this tool configures and starts it */
  managed: boolean;
  running: boolean;
  /** there is a process of it, which answers nobody */
  hangs?: boolean;
  /** whether the running nginx has the configuration that the settings ask for */
  current: boolean;
  /** whether somebody changed the generated file by hand; unset: it is not ours */
  edited?: boolean;
  /** who answers through it */
  answers: Identity | null;
  /** what a switch with it cannot promise; unset: nothing */
  caveat?: string;
}>;

/** Everything a plan is made from, read at one moment. */
export type Facts = Readonly<{
  /** unset: socket */
  strategy?: Strategy;
  state: DeployState | null;
  /** where the live link points, or which colour the included file names; the release is the one that was started there, if known */
  link: Readonly<{ colour: Colour; release: string | null }> | null;
  colours: Readonly<Record<Colour, ColourFacts>>;
  nginx: NginxFacts;
  /** who is shown the idle colour; null: nobody */
  preview: Preview | null;
  /** null: the settings have none */
  standby: Standby | null;
}>;

/** A release that can be started. */
export type ReleaseFacts = Readonly<{
  id: string;
  /** a folder of its own, the current build of the project, an image, or something that it is yet to be unpacked from */
  source: 'folder' | 'build' | 'image' | 'elsewhere';
  /** digest of what is in it, or, without a manifest, of its code: the same id with other code is not the same release */
  fingerprint: string;
  migrates: boolean;
  /** the tarball or the folder that it is unpacked from */
  fetchFrom?: string;
  /** contract migrations that it brings along; absent where nobody has asked, or it does not say */
  knows?: readonly string[];
}>;

/** A colour serves when its process runs and its own socket is answered by that process. */
export function servingOn(facts: Facts, colour: Colour): Target | null {
  const { process, answers } = facts.colours[colour];
  if (process === null || answers === null || answers.pid !== process.pid) return null;
  return { colour, release: process.release };
}

/**
 * What serves the site: what nginx answers from, else what the link points at, as long as it answers itself. Where the
 * link is gone, what is recorded as live and still answers is meant to.
 */
export function liveTarget(facts: Facts): Target | null {
  const heard = COLOURS.find((colour) => isHeardThroughNginx(facts, colour)) ?? facts.link?.colour;
  if (heard !== undefined) return servingOn(facts, heard);
  const recorded = facts.state?.live ?? null;
  const left = recorded && servingOn(facts, recorded.colour);
  return left?.release === recorded?.release ? left : null;
}

/** The release to go back to: what is recorded, unless another one serves than was recorded as live. */
export function previousOf(facts: Facts): DeployState['previous'] {
  const { state } = facts;
  const live = liveTarget(facts);
  if (!state || !live || live.release === state.live.release) return state?.previous ?? null;
  return { release: state.live.release, fingerprint: state.live.fingerprint };
}

export function isHeardThroughNginx(
  { colours, nginx }: Pick<Facts, 'colours' | 'nginx'>,
  colour: Colour,
): boolean {
  return nginx.answers !== null && nginx.answers.pid === colours[colour].process?.pid;
}

/** The side that the next release may take: never the live one, and with nothing live not the one linked. */
export function idleColour(facts: Facts): Colour {
  const taken = liveTarget(facts)?.colour ?? facts.link?.colour;
  return taken === undefined ? 'blue' : otherColour(taken);
}

/**
 * A colour that people are served by, at another address than the settings give it: they were changed while it ran, and
 * neither the link nor the included file of the new ones is there.
 */
export function movedColour({ link, colours, nginx }: Facts): Target | null {
  if (link !== null || nginx.answers === null) return null;
  const colour = COLOURS.find((one) => isHeardThroughNginx({ colours, nginx }, one));
  const { process, answers } = colours[colour ?? 'blue'];
  return colour && process && answers === null ? { colour, release: process.release } : null;
}

/** Where state, link and nginx disagree, in words; what answers through nginx is right. */
export function driftOf(facts: Facts): readonly string[] {
  const live = liveTarget(facts);
  const { state, nginx, link } = facts;
  const drift: string[] = [];
  if (state && !live) drift.push(`the state names ${nameOf(state.live)} as live, but nothing serves`);
  if (state && live && !isSameTarget(state.live, live)) {
    drift.push(`the state names ${nameOf(state.live)} as live, but ${nameOf(live)} serves`);
  }
  if (live && !link) {
    drift.push(`the link points at no colour, but ${nameOf(live)} runs`);
  }
  if (live && link && link.colour !== live.colour) {
    drift.push(`${pointer(facts)} ${link.colour}, but nginx answers from ${nameOf(live)}`);
  }
  if (live && nginx.answers && nginx.answers.pid !== facts.colours[live.colour].process?.pid) {
    drift.push(`nginx answers from a stranger: process ${nginx.answers.pid} (${nginx.answers.release})`);
  }
  const moved = movedColour(facts);
  if (moved) drift.push(`${nameOf(moved)} serves at another address than the settings give it`);
  if (nginx.edited) drift.push('the generated nginx.conf was edited by hand');
  return drift;
}

function pointer({ strategy }: Facts): string {
  return strategy === 'reload' ? 'the included file names' : 'the link points at';
}
