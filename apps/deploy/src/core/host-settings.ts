import { z } from 'zod';

/** One machine that the site is deployed to. Names of the operator's own choosing stand in messages and receipts. */
const hostSchema = z.strictObject({
  name: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9-]{0,31}$/, 'letters, digits and dashes, 32 at most'),
  /** never begins with a dash: ssh would take it for an option */
  address: z.string().regex(/^[A-Za-z0-9[:][A-Za-z0-9.:\]-]*$/, 'a name or an address'),
  user: z
    .string()
    .regex(/^[A-Za-z_][\w.-]*$/, 'the name of an account')
    .optional(),
  port: z.int().min(1).max(65_535).optional(),
  /** on this machine; relative to the project */
  identityFile: z.string().min(1).optional(),
  /** the project's folder on the host: relative paths of the settings begin there */
  dir: z.string().startsWith('/').default('/srv/haru'),
  stateDir: z.string().min(1).optional(),
  /** the program that runs the steps there */
  node: z.string().min(1).default('node'),
  /** lines `NAME=value` on the host, for the service: DATABASE_URL, JWT_SECRET, … */
  environmentFile: z.string().startsWith('/').optional(),
  /** sections of deploy.yml in which this host differs */
  settings: z.record(z.string(), z.unknown()).default({}),
});

export type Host = Readonly<z.output<typeof hostSchema>>;

export const hostsSchema = z
  .array(hostSchema)
  .max(50)
  .default([])
  .superRefine((hosts, context) => {
    for (const key of ['name', 'place'] as const) {
      const all = hosts.map((host) => (key === 'name' ? host.name : placeOf(host)));
      const twice = all.find((one, index) => all.indexOf(one) !== index);
      if (twice !== undefined) context.addIssue({ code: 'custom', message: `${twice} is there twice` });
    }
  });

/** How hosts are reached, and how long they wait for one another. */
export const sshSchema = z
  .strictObject({
    command: z.string().min(1).default('ssh'),
    options: z.array(z.string()).default([]),
    connectTimeoutMs: z.int().min(1_000).max(600_000).default(10_000),
    /** a host that hears nothing for so long before the switch undoes what it has prepared */
    goTimeoutMs: z.int().min(1_000).max(600_000).default(30_000),
    /** a host whose connection is lost is tried for so long before it is given up */
    patienceMs: z.int().min(0).max(600_000).default(30_000),
  })
  .prefault({});

/** Two hosts in one folder of one machine would be one. */
function placeOf({ address, port = 22, dir, stateDir = '' }: Host): string {
  return `${address}:${port}${dir}${stateDir === '' ? '' : ` (${stateDir})`}`;
}

/** Sections that are for the coordinating machine alone. */
const OURS = ['hosts', 'ssh', 'notify'];

type Sections = Readonly<Record<string, unknown>>;

/**
 * The settings that a host works with: those of the site, its own sections laid over them key by key. The end of a run is
 * told once, by the machine that coordinates.
 */
export function settingsOn(host: Host, settings: Sections): Sections {
  const shared = Object.fromEntries(Object.entries(settings).filter(([name]) => !OURS.includes(name)));
  const own = Object.entries(host.settings).map(([name, section]) => [name, laidOver(shared[name], section)]);
  const place = host.stateDir === undefined ? {} : { stateDir: host.stateDir };
  return { ...shared, ...Object.fromEntries(own), ...place };
}

function laidOver(below: unknown, above: unknown): unknown {
  return isSection(below) && isSection(above) ? { ...below, ...above } : above;
}

function isSection(value: unknown): value is Sections {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
