import {
  Inject,
  Injectable,
  Logger,
  type OnApplicationBootstrap,
  type OnModuleDestroy,
} from '@nestjs/common';
import type { Config } from '@app/config';
import { Clock } from '@app/kernel';
import { AdminAuthService } from '../admin/admin-auth.service';
import { CONFIG } from '../config.token';
import { IdempotencyService } from '../idempotency/idempotency.service';
import { ClaimsService } from '../identities/claims.service';
import { InvitationsService } from '../invitations/invitations.service';
import { GuestsService } from '../members/guests.service';
import { OAuthService } from '../oauth/oauth.service';
import { ThrottlingService } from '../throttling/throttling.service';
import { SessionsService } from '../sessions/sessions.service';

/**
 * Forgets what has run out. Nothing depends on it being prompt: whoever reads looks at the instant, too. Of all processes
 * of an installation, both colours of a deploy included, one does it each time; safe on several at once all the same.
 */
@Injectable()
export class HousekeepingService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly logger = new Logger('Housekeeping');
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    private readonly idempotency: IdempotencyService,
    private readonly invitations: InvitationsService,
    private readonly sessions: SessionsService,
    private readonly throttling: ThrottlingService,
    private readonly oauth: OAuthService,
    private readonly claims: ClaimsService,
    private readonly guests: GuestsService,
    private readonly admins: AdminAuthService,
    private readonly clock: Clock,
  ) {}

  onApplicationBootstrap(): void {
    this.timer = setInterval(() => void this.takeTurn(), this.config.housekeepingEveryMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.timer);
  }

  /** Tidies up when no other process has in this stretch of time. */
  private async takeTurn(): Promise<void> {
    try {
      const turn = await this.throttling.takeTurn('housekeeping', this.config.housekeepingEveryMs);
      if (turn === null) return;
      await this.tidy();
      this.logger.log({ turn }, 'tidied up');
    } catch (error) {
      this.logger.warn({ err: error }, 'could not ask whose turn it is to tidy up; the next turn asks again');
    }
  }

  /** Removes what has expired and guests who never joined a study, a bounded number at a time. */
  async tidy(): Promise<void> {
    try {
      const now = this.clock.now();
      await this.idempotency.prune(now);
      await this.invitations.prune(now);
      await this.throttling.prune(now);
      await this.oauth.prune(now);
      await this.claims.prune(now);
      await this.sessions.prune(now);
      await this.guests.prune(now);
      await this.admins.prune(now);
    } catch (error) {
      this.logger.warn({ err: error }, 'could not tidy up; the next turn tries again');
    }
  }
}
