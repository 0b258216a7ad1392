import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';

/** A disk of a few hundred KiB, in memory. Only root can have one. */
export class SmallDisk {
  private constructor(readonly path: string) {}

  /** @param options of tmpfs, such as size=512k */
  static mount(path: string, options: string): SmallDisk {
    mkdirSync(path, { recursive: true });
    execFileSync('mount', ['-t', 'tmpfs', '-o', options, 'haru-test', path]);
    return new SmallDisk(path);
  }

  /** Takes all the room that is left. */
  fill(): void {
    execFileSync('/bin/sh', ['-c', this.fillCommand]);
  }

  /** A command for a hook that fills it while a deploy goes on. */
  get fillCommand(): string {
    return `cat /dev/zero >'${this.path}/filler' 2>/dev/null || true`;
  }

  async makeRoom(): Promise<void> {
    await rm(join(this.path, 'filler'), { force: true });
  }

  unmount(): void {
    execFileSync('umount', [this.path]);
  }
}
