import type { Target } from '../core/colour';
import { socketPath } from '../core/layout';
import type { Endpoint } from './http';
import type { Site } from './site';

/** Where one release on one colour listens, and nobody else. */
export function endpointOf({ layout }: Site, target: Target): Endpoint {
  return { socketPath: socketPath(layout, target) };
}

/** `NAME=value`: tells a service who it is and where to listen, and a command where to find it. */
export function variablesOf({ layout }: Site, target: Target): readonly string[] {
  const { release, colour } = target;
  return [`SOCKET_PATH=${socketPath(layout, target)}`, `RELEASE=${release}`, `COLOUR=${colour}`];
}
