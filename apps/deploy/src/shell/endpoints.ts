import type { Placed } from '../core/colour';
import { socketPath } from '../core/layout';
import type { Endpoint } from './http';
import type { Site } from './site';

/** Where one release on one colour listens, and nobody else. */
export function endpointOf({ layout, settings }: Site, target: Placed): Endpoint {
  const { strategy, host, ports } = settings.switch;
  if (strategy === 'reload') return { host, port: ports[target.colour] };
  return { socketPath: socketPath(layout, target) };
}

/** `NAME=value`: tells a service who it is and where to listen, and a command where to find it. */
export function variablesOf({ layout, settings }: Site, target: Placed): readonly string[] {
  const { release, colour } = target;
  const { strategy, host, ports } = settings.switch;
  const address =
    strategy === 'reload'
      ? [`HOST=${host}`, `PORT=${ports[colour]}`]
      : [`SOCKET_PATH=${socketPath(layout, target)}`];
  return [...address, `RELEASE=${release}`, `COLOUR=${colour}`];
}
