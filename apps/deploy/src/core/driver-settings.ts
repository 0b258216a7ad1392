import { z } from 'zod';
import { containerSchema } from './containers';
import type { Settings } from './settings';

/** Names of accounts and units: they stand in files where other characters would mean something. */
const name = (preset: string) =>
  z
    .string()
    .regex(/^[a-z][a-z0-9-]{0,30}$/, 'small letters, digits and dashes')
    .default(preset);

const systemdSchema = z.strictObject({
  kind: z.literal('systemd'),
  /** the units are `<unit>@blue.service`, `<unit>@green.service`, `<unit>-boot.service` and `<unit>-nginx.service` */
  unit: name('haru'),
  /** who the service runs as; made where it is missing */
  user: name('haru'),
  /** the group of the workers of nginx, which write to the sockets */
  group: name('www-data'),
  /** settings and secrets of the service, one `NAME=value` a line: the operator's own, read by root alone */
  environmentFile: z.string().startsWith('/').nullable().default(null),
  /** what a boot runs, with `boot` as its word: a program that stays where it is; null: this very one */
  bootCommand: z.string().startsWith('/').nullable().default(null),
});

export type SystemdSettings = Readonly<z.output<typeof systemdSchema>>;

/** What runs the two colours. */
export const driverSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('process') }),
    systemdSchema,
    containerSchema,
  ])
  .prefault({ kind: 'process' });

/** @returns what keeps the driver from working with the other settings; empty when nothing does */
export function driverProblems({
  driver,
  runDir,
}: Pick<Settings, 'driver'> & Readonly<{ runDir?: string | undefined }>): readonly string[] {
  if (driver.kind !== 'systemd' || runDir?.startsWith('/run/')) return [];
  return [
    'runDir: driver systemd needs a folder below /run, such as /run/haru: it is made anew at each boot',
  ];
}
