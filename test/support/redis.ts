import { spawn } from 'node:child_process';
import { Redis } from 'ioredis';
import { findCommand } from '../../scripts/lib/commands.mjs';
import { freePort } from '../../scripts/lib/ports.mjs';
import { identityOf, isAlive } from '../../scripts/lib/processes.mjs';
import { waitFor } from '../../scripts/lib/wait.mjs';
import { killAtTheEnd, newFolder } from './api-process';

/** A Redis of one test file's own, to be killed at will. It keeps nothing over its end. */
export interface OwnRedis {
  readonly url: string;
  /** Looks into it behind the service's back. */
  readonly client: Redis;
  /** Makes it hang: connections stay, answers do not come. */
  freeze(): void;
  thaw(): void;
  /** Ends it as a power cut would, and returns when it has gone. */
  kill9(): Promise<void>;
  /** Starts it, or starts it again at the same address, and returns when it answers. */
  start(): Promise<void>;
  stop(): Promise<void>;
}

/** @returns a Redis that does not run yet: call `start`, and `stop` at the end */
export async function ownRedis(): Promise<OwnRedis> {
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}`;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50 }).on('error', () => undefined);
  let pid = 0;
  const kill9 = async () => {
    const identity = identityOf(pid);
    if (identity === undefined) return;
    process.kill(pid, 'SIGKILL');
    await waitFor(() => !isAlive(identity), { timeoutMs: 5_000, what: 'the end of Redis' });
  };
  const start = async () => {
    const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--dir', newFolder()];
    pid = spawn(findCommand('redis-server') ?? 'redis-server', args, { stdio: 'ignore' }).pid ?? 0;
    killAtTheEnd(pid);
    if (client.status === 'wait') await client.connect().catch(() => undefined);
    await client.ping();
  };
  return {
    url,
    client,
    freeze: () => void process.kill(pid, 'SIGSTOP'),
    thaw: () => void process.kill(pid, 'SIGCONT'),
    kill9,
    start,
    stop: async () => {
      client.disconnect();
      await kill9();
    },
  };
}
