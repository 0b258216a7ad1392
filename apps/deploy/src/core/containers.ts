import { z } from 'zod';

/** The `driver` section of `deploy.yml` for docker and podman. */
export const containerSchema = z.strictObject({
  kind: z.literal('container'),
  /** docker, or podman, with the options that come before its command */
  command: z.array(z.string().min(1)).min(1).default(['podman']),
  /** a release is the image of this name with its id as tag */
  image: z
    .string()
    .regex(/^[a-z0-9][a-z0-9._/-]*(:\d+\/[a-z0-9._/-]+)?$/, 'must be the name of an image, without a tag')
    .default('localhost/haru-study'),
  /** containers are `<name>-blue`, `<name>-green` and `<name>-standby` */
  name: z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and dashes')
    .default('haru'),
  network: z.string().min(1).default('host'),
  /** more options of `run`: limits, a user, volumes */
  options: z.array(z.string()).default([]),
  /** settings and secrets of the service, one `NAME=value` a line */
  environmentFile: z.string().startsWith('/').nullable().default(null),
});

export type ContainerSettings = Readonly<z.output<typeof containerSchema>>;

export function imageOf({ image }: ContainerSettings, release: string): string {
  return `${image}:${release}`;
}

type Wish = Readonly<{
  name: string;
  release: string;
  /** `NAME=value` */
  variables: readonly string[];
  /** folders that the container has under the same name */
  volumes: readonly string[];
}>;

/**
 * The words behind docker or podman that start a colour. It shares the pids of the machine, because a service proves by its
 * pid that it is the process that was started; everything else of it is its own.
 */
export function runArguments(settings: ContainerSettings, wish: Wish): readonly string[] {
  return [
    ...['run', '--detach', '--name', wish.name, '--pid', 'host', '--label', `haru.release=${wish.release}`],
    ...shared(settings, wish),
    imageOf(settings, wish.release),
  ];
}

/** The words that run a program of a release to its end, with the settings of the service. */
export function onceArguments(
  settings: ContainerSettings,
  wish: Omit<Wish, 'name'>,
  words: readonly string[],
): readonly string[] {
  return ['run', '--rm', ...shared(settings, wish), imageOf(settings, wish.release), ...words];
}

function shared(
  { network, environmentFile, options }: ContainerSettings,
  { variables, volumes }: Omit<Wish, 'name' | 'release'>,
): readonly string[] {
  return [
    ...['--network', network],
    ...(environmentFile === null ? [] : ['--env-file', environmentFile]),
    ...variables.flatMap((one) => ['--env', one]),
    ...volumes.flatMap((folder) => ['--volume', `${folder}:${folder}`]),
    ...options,
  ];
}
