import { lstatSync, rmSync } from 'node:fs';
import { connect, type ListenOptions } from 'node:net';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { Config } from '@app/config';

/** Connections that may wait to be accepted: with node's 511, nginx meets a full queue at 1,000 clients and answers 502. */
const BACKLOG = 4_096;
/** nginx's workers connect as members of the folder's group; nobody else does. */
const SOCKET_UMASK = 0o007;

/**
 * Listens where the settings say.
 *
 * @returns the address, as an URL or a path
 * @throws with the way out when the address is taken
 */
export async function listen(
  app: NestFastifyApplication,
  { host, port, socketPath }: Config['listen'],
): Promise<string> {
  try {
    if (socketPath === undefined) {
      await listenOn(app, { host, port });
      return await app.getUrl();
    }
    await removeStale(socketPath);
    // Set before the socket exists: a later chmod would leave a moment in which nginx is refused.
    process.umask(SOCKET_UMASK);
    await listenOn(app, { path: socketPath });
    return socketPath;
  } catch (error) {
    if ((error as { code?: string }).code !== 'EADDRINUSE') throw error;
    throw socketPath === undefined ? portTaken(host, port) : socketTaken(socketPath);
  }
}

async function listenOn(app: NestFastifyApplication, where: ListenOptions): Promise<void> {
  // Nest's types know a port only; its Fastify adapter takes all that node takes.
  await app.listen({ ...where, backlog: BACKLOG } as unknown as number);
}

/** A killed process leaves its socket file; only one that refuses is nobody's. Any other file refuses as well. */
async function removeStale(path: string): Promise<void> {
  const state = await new Promise<string | undefined>((resolve) => {
    const socket = connect(path, () => resolve('live')).on('error', (error: Error & { code?: string }) =>
      resolve(error.code),
    );
    socket.on('close', () => socket.destroy());
    socket.on('connect', () => socket.end());
  });
  if (state === 'live') throw socketTaken(path);
  if (state !== 'ECONNREFUSED') return;
  if (!lstatSync(path).isSocket()) throw new Error(`${path} is no socket. Choose another SOCKET_PATH.`);
  rmSync(path);
}

function portTaken(host: string, port: number): Error {
  return new Error(
    `${host}:${port} is taken by another process. End that one, or choose another port: PORT=${port + 1}`,
  );
}

function socketTaken(path: string): Error {
  return new Error(`another process serves on ${path}. End that one, or choose another SOCKET_PATH.`);
}
