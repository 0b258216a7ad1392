import { COLOURS, isSameTarget, nameOf, otherColour, type Colour, type Target } from './colour';
import type { Preview } from './preview';
import type { DeployState } from './state';

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
  /** whether the running nginx has the configuration that the settings ask for */
  current: boolean;
  /** who answers through it */
  answers: Identity | null;
}>;

/** Everything a plan is made from, read at one moment. */
export type Facts = Readonly<{
  state: DeployState | null;
  /** where `live.sock` points; the release is the one that was started there, if known */
  link: Readonly<{ colour: Colour; release: string | null }> | null;
  colours: Readonly<Record<Colour, ColourFacts>>;
  nginx: NginxFacts;
  /** who is shown the idle colour; null: nobody */
  preview: Preview | null;
}>;

/** A release that can be started. */
export type ReleaseFacts = Readonly<{
  id: string;
  /** a folder of its own, or the current build of the project */
  source: 'folder' | 'build';
  /** digest of its code: the same id with other code is not the same release */
  fingerprint: string;
  migrates: boolean;
}>;

/** A colour serves when its process runs and its own socket is answered by that process. */
export function servingOn(facts: Facts, colour: Colour): Target | null {
  const { process, answers } = facts.colours[colour];
  if (process === null || answers === null || answers.pid !== process.pid) return null;
  return { colour, release: process.release };
}

/** What serves the site: what nginx answers from, else what the link points at, as long as it answers itself. */
export function liveTarget(facts: Facts): Target | null {
  const heard = COLOURS.find((colour) => isHeardThroughNginx(facts, colour)) ?? facts.link?.colour;
  return heard === undefined ? null : servingOn(facts, heard);
}

function isHeardThroughNginx({ colours, nginx }: Facts, colour: Colour): boolean {
  return nginx.answers !== null && nginx.answers.pid === colours[colour].process?.pid;
}

/** The side that the next release may take: never the live one, and with nothing live not the one linked. */
export function idleColour(facts: Facts): Colour {
  const taken = liveTarget(facts)?.colour ?? facts.link?.colour;
  return taken === undefined ? 'blue' : otherColour(taken);
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
  if (live && link && link.colour !== live.colour) {
    drift.push(`the link points at ${link.colour}, but nginx answers from ${nameOf(live)}`);
  }
  if (live && nginx.answers && nginx.answers.pid !== facts.colours[live.colour].process?.pid) {
    drift.push(`nginx answers from a stranger: process ${nginx.answers.pid} (${nginx.answers.release})`);
  }
  return drift;
}
