import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '@app/config';
import { DatabaseHealth, type MigrationState } from '@app/database';
import { Clock } from '@app/kernel';
import { CONFIG } from '../config.token';
import { SharedRedis } from '../redis/shared-redis';
import { Drain } from './drain';
import { withinTime } from './within-time';

/** A part that the server needs; one that is not well says why. */
export interface Check {
  readonly ok: boolean;
  readonly reason?: string;
}

/** Which process answers: a health check may be answered by the wrong one. */
export interface Identity {
  readonly release: string;
  readonly colour: string;
  readonly pid: number;
  /** ISO instant. */
  readonly startedAt: string;
}

export interface Readiness extends Identity {
  readonly status: 'ready' | 'not-ready';
  readonly checks: Readonly<Record<string, Check>>;
}

/** A part that has not answered by then is not well, in ms. */
const CHECK_TIMEOUT_MS = 1_500;
const WELL: Check = { ok: true };

@Injectable()
export class HealthService {
  private readonly startedAt: string;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly database: DatabaseHealth,
    private readonly redis: SharedRedis,
    private readonly drain: Drain,
    clock: Clock,
  ) {
    this.startedAt = clock.now().toISOString();
  }

  identity(): Identity {
    const { release, colour } = this.config;
    return { release, colour, pid: process.pid, startedAt: this.startedAt };
  }

  /** Whether this process should be sent requests. */
  async readiness(): Promise<Readiness> {
    const [database, redis] = await Promise.all([this.checkDatabase(), this.checkRedis()]);
    const draining = this.drain.isDraining ? { ok: false, reason: 'the process is ending' } : WELL;
    const checks = { ...database, ...redis, draining };
    const isReady = Object.values(checks).every(({ ok }) => ok);
    return { ...this.identity(), status: isReady ? 'ready' : 'not-ready', checks };
  }

  private async checkDatabase(): Promise<Record<'database' | 'migrations', Check>> {
    try {
      const state = await withinTime(this.database.migrations(), CHECK_TIMEOUT_MS);
      return { database: WELL, migrations: judgeMigrations(state) };
    } catch (error) {
      const reason = (error as Error).message;
      if ((error as { code?: string }).code === 'ER_NO_SUCH_TABLE') {
        return {
          database: WELL,
          migrations: { ok: false, reason: 'none was ever applied: run npm run migrate' },
        };
      }
      return {
        database: { ok: false, reason },
        migrations: { ok: false, reason: 'unknown without the database' },
      };
    }
  }

  private async checkRedis(): Promise<Record<string, Check>> {
    if (!this.redis.isConfigured) return {};
    try {
      await withinTime(this.redis.ping(), CHECK_TIMEOUT_MS);
      return { redis: WELL };
    } catch (error) {
      return { redis: { ok: false, reason: (error as Error).message } };
    }
  }
}

/** A contract migration that is pending is none that this release needs: it runs when the releases before are gone. */
function judgeMigrations({ expand, beyond }: MigrationState): Check {
  if (expand.pending.length > 0) return { ok: false, reason: `not applied: ${expand.pending.join(', ')}` };
  if (beyond.length === 0) return WELL;
  return { ok: false, reason: `this release is too old for the database: ${beyond.join(', ')}` };
}
