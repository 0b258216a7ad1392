import { z } from 'zod';
import { plainText, port, type NginxSettings } from './nginx-settings';

/** `socket`: a link that nginx follows at each connect is moved. `reload`: nginx reads another server from a file. */
export const STRATEGIES = ['socket', 'reload'] as const;

export type Strategy = (typeof STRATEGIES)[number];

/** The `switch` section of `deploy.yml`: how the traffic is moved. */
export const switchSchema = z
  .strictObject({
    strategy: z.enum(STRATEGIES).default('socket'),
    /** with reload: where the colours listen, and nginx finds them */
    host: plainText.default('127.0.0.1'),
    ports: z
      .strictObject({
        blue: port.default(18_081),
        green: port.default(18_082),
        standby: port.default(18_083),
      })
      .prefault({}),
  })
  .prefault({});

export type SwitchSettings = Readonly<z.output<typeof switchSchema>>;

/** What of the settings fits each other only in part; empty when all does. */
export function switchProblems(
  settings: Readonly<{ switch: SwitchSettings; nginx: NginxSettings }>,
): readonly string[] {
  const { strategy, ports } = settings.switch;
  return [
    ...(new Set(Object.values(ports)).size < 3 ? ['switch.ports: all three must differ'] : []),
    ...(strategy === 'reload'
      ? [...takenPorts(ports, settings.nginx), ...reloadProblems(settings.nginx)]
      : []),
    ...ignored(settings.nginx, strategy === 'reload' && !settings.nginx.manage),
  ];
}

function takenPorts(ports: SwitchSettings['ports'], nginx: NginxSettings): readonly string[] {
  const { port: own, tls, scrapePort, develop } = nginx;
  const taken = [own, tls?.port, scrapePort, develop?.port];
  return Object.entries(ports)
    .filter(([, colour]) => taken.includes(colour))
    .map(([name, colour]) => `switch.ports.${name}: nginx itself listens on ${colour}`);
}

function reloadProblems({ manage, reloadCommand, pool, preview }: NginxSettings): readonly string[] {
  const isSpecial = [...pool.backup, ...pool.down].includes('live');
  return [
    ...(manage || reloadCommand !== null
      ? []
      : ['nginx.reloadCommand: reload needs it with manage: false, such as systemctl reload nginx']),
    ...(preview ? ['nginx.preview: it needs switch.strategy: socket'] : []),
    ...(isSpecial ? ['nginx.pool: with reload, live may be neither a backup nor down'] : []),
  ];
}

/** What would be read by nobody is a mistake. */
function ignored(nginx: NginxSettings, isUsed: boolean): readonly string[] {
  const names = ['reloadCommand', 'checkCommand', 'pidFile', 'errorLog'] as const;
  return names
    .filter((name) => nginx[name] !== null && !isUsed)
    .map((name) => `nginx.${name}: it is for switch.strategy: reload with nginx.manage: false`);
}
