import { z } from 'zod';
import { driverProblems, driverSchema } from './driver-settings';
import { HOOKS } from './hooks';
import { hostsSchema, settingsOn, sshSchema } from './host-settings';
import { nginxSchema } from './nginx-settings';
import { switchProblems, switchSchema } from './switch-settings';

const ms = (preset: number, max = 600_000) => z.int().min(0).max(max).default(preset);
const times = (preset: number) => z.int().min(1).max(1_000).default(preset);
const path = (preset: string) => z.string().min(1).default(preset);
const urlPath = (preset: string) => z.string().startsWith('/').default(preset);
/** Text for /bin/sh -c. */
const command = z.string().min(1).nullable().default(null);
const hookCommands = Object.fromEntries(HOOKS.map((hook) => [hook, command])) as Record<
  (typeof HOOKS)[number],
  typeof command
>;

const standbySchema = z
  .strictObject({
    /** `process`: on this machine, started by the driver; or where another host serves: host:port */
    server: z
      .string()
      .regex(/^(process|[A-Za-z0-9.[\]:-]+:\d{1,5})$/, 'must be process or host:port')
      .default('process'),
    /** of another host: brings it up with the release $RELEASE, and takes it down; run by /bin/sh */
    startCommand: command,
    stopCommand: command,
    commandTimeoutMs: ms(120_000),
    /** where alerts start it (`standby listen`) */
    listen: z
      .strictObject({
        host: z.string().min(1).default('127.0.0.1'),
        port: z.int().min(1).max(65_535),
        /** what a caller must send as bearer token stands in this file */
        tokenFile: z.string().min(1),
        /** the end of the alert takes it down again */
        stopsWhenResolved: z.boolean().default(true),
      })
      .nullable()
      .default(null),
  })
  .superRefine(({ server, startCommand }, context) => {
    if (server === 'process' || startCommand !== null) return;
    context.addIssue({
      code: 'custom',
      message: 'startCommand is needed: another host does not start itself',
    });
  });

/**
 * `deploy.yml`. Every key may be left out: the defaults are for one machine, with an nginx that the tool itself runs.
 * Paths are relative to the project, times in milliseconds.
 */
export const settingsSchema = z.strictObject({
  /** state, journal, history, logs and the private nginx live here */
  stateDir: path('.data/deploy'),
  /** sockets and pid files; unset: `run` below stateDir, or a short temporary folder where that name is too long */
  runDir: z.string().min(1).optional(),
  /** a release is a folder in here; one that has none is the current build */
  releasesDir: path('releases'),
  /** what runs the two colours */
  driver: driverSchema,
  /** keep: unpacked releases that stay after a deploy; reserveMiB: what stays free when one is unpacked */
  releases: z
    .strictObject({ keep: times(5), reserveMiB: z.int().min(0).max(1_000_000).default(64) })
    .prefault({}),
  service: z
    .strictObject({
      entry: path('dist/apps/api/src/main.js'),
      /** null: nothing to migrate */
      migrate: z.string().min(1).nullable().default('dist/apps/api/src/migrate.js'),
      livePath: urlPath('/health/live'),
      readyPath: urlPath('/health/ready'),
      drainPath: urlPath('/drain'),
      /** names that the environment must have, and files that must be readable, before anything is changed */
      requires: z.array(z.string().regex(/^[A-Za-z_]\w*$/)).default([]),
      secrets: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  /** since the last switch; so long `contract` is refused, so that `rollback` works */
  migrations: z.strictObject({ rollbackWindowMs: ms(3_600_000, 2_592_000_000) }).prefault({}),
  /** a release that never listens is refused within half a minute */
  health: z.strictObject({ timeoutMs: ms(25_000), intervalMs: ms(100), inARow: times(3) }).prefault({}),
  /** run against the new release before it gets traffic; each must end with 0 */
  smoke: z
    .strictObject({ commands: z.array(z.string().min(1)).default([]), timeoutMs: ms(60_000) })
    .prefault({}),
  /** run at their moment of each deploy and rollback, with what is going on as JSON on stdin */
  hooks: z.strictObject({ timeoutMs: ms(30_000), ...hookCommands }).prefault({}),
  /** told how each run ended, as Slack wants it; the address is a secret */
  notify: z
    .strictObject({
      webhook: z
        .url({ protocol: /^https?$/ })
        .nullable()
        .default(null),
      timeoutMs: ms(5_000),
    })
    .prefault({}),
  /** how the traffic is moved */
  switch: switchSchema,
  verify: z
    .strictObject({ path: urlPath('/api/v2/time'), timeoutMs: ms(10_000), inARow: times(10) })
    .prefault({}),
  /** while a run goes on, the site is asked at this pace (everyMs 0: not at all); post: a path that takes a POST */
  probe: z
    .strictObject({ everyMs: ms(50, 10_000), post: z.string().startsWith('/').nullable().default(null) })
    .prefault({}),
  /** the old colour stays warm meanwhile; forMs 0: not at all. The rest: see WatchLimits, WeightLimits */
  watch: z
    .strictObject({
      forMs: ms(10_000),
      intervalMs: ms(100, 10_000),
      minRequests: times(20),
      maxErrorShareRise: z.number().min(0).max(1).default(0.02),
      minFailures: times(3),
      maxSlowdown: z.number().min(1).max(1_000).default(5),
      slowMs: ms(500),
      maxRssMiB: z.int().min(1).nullable().default(1_024),
      maxDescriptors: z.int().min(1).nullable().default(20_000),
    })
    .prefault({}),
  /** minMs: connections that nginx opened just before the switch are read within this time; sockets…: of websockets */
  drain: z
    .strictObject({
      minMs: ms(500),
      timeoutMs: ms(30_000),
      intervalMs: ms(50),
      inARow: times(3),
      socketsPerS: z.int().min(1).max(100_000).default(100),
      socketsTimeoutMs: ms(60_000, 3_600_000),
    })
    .prefault({}),
  /** after SIGTERM; then SIGKILL. keepOld: the old colour is not stopped, so that `switch` and `rollback` need no start */
  stop: z.strictObject({ timeoutMs: ms(20_000), keepOld: z.boolean().default(false) }).prefault({}),
  /** the textfile collector of a Prometheus node exporter reads it, such as /var/lib/prometheus/…/haru.prom */
  metrics: z.strictObject({ textfile: z.string().endsWith('.prom').nullable().default(null) }).prefault({}),
  /** one more process, or host, that is normally off; null: there is none */
  standby: standbySchema.nullable().default(null),
  nginx: nginxSchema,
  /** the machines that the site is deployed to; none: this one */
  hosts: hostsSchema,
  ssh: sshSchema,
});

export type Settings = Readonly<z.output<typeof settingsSchema>>;

type ParsedSettings =
  Readonly<{ ok: true; settings: Settings }> | Readonly<{ ok: false; problems: readonly string[] }>;

/** Checks the content of a settings file; every problem at once. */
export function parseSettings(content: unknown): ParsedSettings {
  const result = settingsSchema.safeParse(content ?? {});
  if (!result.success) return { ok: false, problems: result.error.issues.map(problemOf) };
  const problems = [
    ...driverProblems(result.data),
    ...switchProblems(result.data),
    ...hostProblems(result.data),
  ];
  return problems.length > 0 ? { ok: false, problems } : { ok: true, settings: result.data };
}

/** What a host changes must make sense as well. */
function hostProblems(settings: Settings): readonly string[] {
  return settings.hosts.flatMap((host) => {
    const parsed = parseSettings(settingsOn(host, settings));
    const problems = parsed.ok ? bootProblems(parsed.settings) : parsed.problems;
    return problems.map((problem) => `hosts: ${host.name}: ${problem}`);
  });
}

/** What a coordinating machine runs on a host is no command of people, and another file in each version. */
function bootProblems({ driver }: Pick<Settings, 'driver'>): readonly string[] {
  if (driver.kind !== 'systemd' || driver.bootCommand !== null) return [];
  return ['driver.bootCommand: a boot needs a program that stays on the host, such as /usr/local/bin/haru'];
}

function problemOf({ path, message }: z.core.$ZodIssue): string {
  return path.length > 0 ? `${path.join('.')}: ${message}` : message;
}
