import type { Action } from '../../../apps/deploy/src/core/action';
import { COLOURS, type Colour } from '../../../apps/deploy/src/core/colour';
import type { ColourFacts, Facts, ReleaseFacts } from '../../../apps/deploy/src/core/facts';

/** One machine in a few words: enough to ask whether a list of actions ever leaves it without a serving colour. */
export type World = Readonly<{
  link: Colour | null;
  /** what runs; `deaf` is a process that does not answer */
  up: Readonly<Record<Colour, Readonly<{ release: string; deaf?: boolean }> | null>>;
  /** sides that had traffic and were not drained since */
  warm: readonly Colour[];
  nginx: 'down' | 'up' | 'outdated';
  recorded: string | null;
  /** the side that a few are shown before it is switched to */
  previewed?: Colour | null;
  standby?: Readonly<{ wanted: boolean; inPool: boolean }>;
}>;

/** A running site; `green` is free. */
export function aWorld(changes: Partial<World> = {}): World {
  const up = { blue: { release: 'r1' }, green: null };
  return { link: 'blue', up, warm: ['blue'], nginx: 'up', recorded: 'r1', ...changes };
}

export function aRelease(changes: Partial<ReleaseFacts> = {}): ReleaseFacts {
  return { id: 'r2', source: 'folder', fingerprint: 'code of r2', migrates: true, ...changes };
}

/** Every world that a crash, a reboot or a hand can leave behind, as far as this model can say it. */
export function everyWorld(): readonly World[] {
  const blue = [null, { release: 'r1' }, { release: 'r1', deaf: true }];
  const green = [null, { release: 'r0' }, { release: 'r0', deaf: true }];
  return [null, ...COLOURS].flatMap((link) =>
    blue.flatMap((b) =>
      green.flatMap((g) =>
        (['down', 'up', 'outdated'] as const).map((nginx) => {
          const warm = link === null ? [] : [link];
          return { link, up: { blue: b, green: g }, warm, nginx, recorded: 'r1' };
        }),
      ),
    ),
  );
}

/** What the tool would read in such a world. */
export function factsOf(world: World): Facts {
  const colours = { blue: colourFacts(world, 'blue'), green: colourFacts(world, 'green') };
  const linked = world.link && colours[world.link];
  return {
    state: world.recorded === null ? null : stateOf(world.recorded),
    link: world.link && { colour: world.link, release: linked?.process?.release ?? null },
    colours,
    nginx: {
      managed: true,
      running: world.nginx !== 'down',
      current: world.nginx !== 'outdated',
      answers: world.nginx === 'down' ? null : (linked?.answers ?? null),
    },
    standby: world.standby
      ? { ...world.standby, release: world.standby.inPool ? world.recorded : null }
      : null,
    preview: world.previewed ? { colour: world.previewed, percent: 0 } : null,
  };
}

/** The side that answers people, or null. */
export function servingSide({ link, up }: World): Colour | null {
  const process = link && up[link];
  return process && !process.deaf ? link : null;
}

/** Actions that move nothing in this model. */
const STILL = [
  'fetch',
  'raise-floor',
  'contract',
  'migrate',
  'health',
  'smoke',
  'pre-deploy',
  'post-health',
  'pre-switch',
  'post-switch',
  'post-deploy',
  'verify',
  'watch',
  'prune',
  'await-go',
  'await-keep',
] as const;

function isStill(action: Action): action is Extract<Action, { kind: (typeof STILL)[number] }> {
  return STILL.some((kind) => kind === action.kind);
}

/** The world after an action. */
export function after(world: World, action: Action): World {
  if (isStill(action)) return world;
  switch (action.kind) {
    case 'configure-nginx':
      return { ...world, nginx: world.nginx === 'outdated' ? 'up' : world.nginx };
    case 'start-nginx':
      return { ...world, nginx: 'up' };
    case 'start':
      return { ...world, up: { ...world.up, [action.to.colour]: { release: action.to.release } } };
    case 'switch':
      return { ...world, link: action.to.colour, warm: [...world.warm, action.to.colour] };
    case 'preview':
      return { ...world, previewed: action.to.colour, warm: [...world.warm, action.to.colour] };
    case 'end-preview':
      return { ...world, previewed: null };
    case 'stand-down':
      return world.standby ? { ...world, standby: { ...world.standby, inPool: false } } : world;
    case 'stand-up':
      return world.standby ? { ...world, standby: { ...world.standby, inPool: true } } : world;
    case 'record':
      return { ...world, recorded: action.to.release };
    case 'drain':
      return { ...world, warm: world.warm.filter((colour) => colour !== action.from.colour) };
    case 'stop':
      return { ...world, up: { ...world.up, [action.from.colour]: null } };
  }
}

/** The worlds on the way: the first is the given one, the last the one after all actions. */
export function walk(world: World, actions: readonly Action[]): readonly World[] {
  return actions.reduce<readonly World[]>(
    (seen, action) => [...seen, after(seen.at(-1) ?? world, action)],
    [world],
  );
}

function colourFacts({ up }: World, colour: Colour): ColourFacts {
  const process = up[colour];
  if (!process) return { process: null, answers: null };
  const pid = colour === 'blue' ? 100 : 200;
  const identity = { release: process.release, colour, pid, startedAt: '2026-11-20T00:00:00.000Z' };
  return { process: { pid, release: process.release }, answers: process.deaf ? null : identity };
}

function stateOf(release: string): Facts['state'] {
  const since = '2026-11-20T00:00:00.000Z';
  return {
    schema: 1,
    live: { colour: 'blue', release, fingerprint: `code of ${release}`, since },
    previous: { release: 'r0', fingerprint: 'code of r0' },
    floor: null,
  };
}
