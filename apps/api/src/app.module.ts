import { Module, type DynamicModule } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import type { Config } from '@app/config';
import { DatabaseModule } from '@app/database';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { AdminListsModule } from './admin-lists/admin-lists.module';
import { AdminModule } from './admin/admin.module';
import { AuthModule } from './auth/auth.module';
import { CalendarFeedModule } from './calendar-feed/calendar-feed.module';
import { ClockModule } from './clock/clock.module';
import { ConfigModule } from './config.module';
import { ContentsModule } from './contents/contents.module';
import { ErrorCodesModule } from './error-codes/error-codes.module';
import { FunnelModule } from './funnel/funnel.module';
import { ExportsModule } from './exports/exports.module';
import { HealthModule } from './health/health.module';
import { HousekeepingModule } from './housekeeping/housekeeping.module';
import { ProblemFilter } from './http/problem.filter';
import { IdentitiesModule } from './identities/identities.module';
import { LeavingModule } from './leaving/leaving.module';
import { LoginModule } from './login/login.module';
import { Member } from './members/member.entity';
import { MembersModule } from './members/members.module';
import { ObservabilityModule } from './observability/observability.module';
import { Participant } from './participants/participant.entity';
import { ParticipantsModule } from './participants/participants.module';
import { PollingModule } from './polling/polling.module';
import { RecordsModule } from './records/records.module';
import { Session } from './sessions/session.entity';
import { SessionsModule } from './sessions/sessions.module';
import { SoloModule } from './solo/solo.module';
import { StepsModule } from './steps/steps.module';
import { StudiesModule } from './studies/studies.module';
import { Study } from './studies/study.entity';
import { ThrottlingModule } from './throttling/throttling.module';

const FEATURES = [
  AuthModule,
  SessionsModule,
  MembersModule,
  IdentitiesModule,
  LoginModule,
  StudiesModule,
  ParticipantsModule,
  ContentsModule,
  StepsModule,
  PollingModule,
  SoloModule,
  LeavingModule,
  RecordsModule,
  ExportsModule,
  CalendarFeedModule,
  AdminModule,
  AdminListsModule,
  FunnelModule,
  ClockModule,
  ErrorCodesModule,
  HealthModule,
  HousekeepingModule,
  ObservabilityModule,
  ThrottlingModule,
];

/** Every entity: the database must have a column for each of their properties. */
export const ENTITIES = [Member, Session, Study, Participant] as const;

/** The whole service. */
@Module({})
export class AppModule {
  static register(config: Config, logger: Logger): DynamicModule {
    return {
      module: AppModule,
      imports: [
        ConfigModule.register(config),
        // No request is wrapped: see logRequests.
        // Its serializers would write every property of an error, the statement and its values, too.
        LoggerModule.forRoot({ pinoHttp: { logger, wrapSerializers: false }, forRoutes: [] }),
        DatabaseModule.register(
          { ...config.database, detectNesting: config.nodeEnv !== 'production' },
          ENTITIES,
        ),
        ...FEATURES,
      ],
      providers: [{ provide: APP_FILTER, useClass: ProblemFilter }],
    };
  }
}
