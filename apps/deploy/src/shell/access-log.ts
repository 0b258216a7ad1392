import { open } from 'node:fs/promises';
import { parseSample, type Sample } from '../core/watch';
import { isErrno } from './files';
import { OWN_AGENT } from './http';

/** Enough for the busiest seconds before a switch, and no burden for the memory. */
const MAX_TAIL_BYTES = 8 * 1_048_576;

/** Follows nginx's access log: first the end of what is there, then what comes. */
export class AccessLog {
  private position: number | null = null;
  private rest = '';

  constructor(private readonly path: string) {}

  /** @returns the requests of people that were logged since the last call; none when there is no log */
  async read(): Promise<readonly Sample[]> {
    const lines = (this.rest + (await this.more())).split('\n');
    this.rest = lines.pop() ?? '';
    return lines.map((line) => parseSample(line, OWN_AGENT)).filter((sample) => sample !== null);
  }

  private async more(): Promise<string> {
    const file = await open(this.path, 'r').catch((error: unknown) => {
      if (isErrno(error, 'ENOENT', 'EACCES')) return null;
      throw error;
    });
    if (!file) return '';
    try {
      const { size } = await file.stat();
      // A log that has become shorter was rotated.
      const begin = this.position === null || size < this.position ? size - MAX_TAIL_BYTES : this.position;
      const from = Math.max(0, begin, size - MAX_TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(size - from), 0, size - from, from);
      this.position = from + bytesRead;
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await file.close();
    }
  }
}
