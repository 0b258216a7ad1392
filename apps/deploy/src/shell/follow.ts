import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { StringDecoder } from 'node:string_decoder';
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from '../core/errors';

const POLL_MS = 200;
const CHUNK_BYTES = 65_536;

/**
 * Hands on the last lines of a file, and then every whole line that is appended to it. Never returns by itself.
 *
 * @param last how many lines of what is there already
 */
export async function follow(path: string, last: number, onLine: (line: string) => void): Promise<never> {
  const file = await open(path, 'r');
  const { size: length } = await file.stat();
  const { buffer: found } = await file.read(Buffer.alloc(length), 0, length, 0);
  let position = length;
  // A character may arrive in two halves.
  const decoder = new StringDecoder('utf8');
  const lines = decoder.write(found).split('\n');
  let rest = lines.pop() ?? '';
  lines.slice(-last).forEach(onLine);
  for (;;) {
    const { size } = await file.stat();
    if (size > position) {
      const chunk = Buffer.alloc(Math.min(size - position, CHUNK_BYTES));
      const { bytesRead } = await file.read(chunk, 0, chunk.length, position);
      position += bytesRead;
      const more = (rest + decoder.write(chunk.subarray(0, bytesRead))).split('\n');
      rest = more.pop() ?? '';
      more.forEach(onLine);
    } else {
      await sleep(POLL_MS);
    }
  }
}

/**
 * Hands on every line that a program writes. Never returns by itself.
 *
 * @throws DeployError when the program ends
 */
export async function followCommand(
  [program = '', ...args]: readonly string[],
  onLine: (line: string) => void,
): Promise<never> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child, 'spawn');
  for await (const line of createInterface({ input: child.stdout })) onLine(line);
  throw new DeployError('needsHuman', { what: `${program} ended.` });
}
