import type { Placed } from '../core/colour';
import { socketPath } from '../core/layout';
import type { Endpoint } from './http';
import type { Site } from './site';

/** Where one release on one colour listens, and nobody else. */
export function endpointOf({ layout }: Site, target: Placed): Endpoint {
  return { socketPath: socketPath(layout, target) };
}

/** `NAME=value`: tells a service who it is and where to listen, and a command where to find it. */
export function variablesOf({ layout }: Site, target: Placed): readonly string[] {
  const { release, colour } = target;
  return [`SOCKET_PATH=${socketPath(layout, target)}`, `RELEASE=${release}`, `COLOUR=${colour}`];
}
