import { Injectable } from '@nestjs/common';
import { isDuplicate, Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { NotAllowed } from '../auth/auth.errors';
import { refuseEnded } from '../auth/callers.service';
import type { Caller } from '../auth/jwt.strategy';
import { FunnelService } from '../funnel/funnel.service';
import { LIMITS } from '../http/limits';
import { IdempotencyService } from '../idempotency/idempotency.service';
import type { KeyedRequest } from '../idempotency/keyed-request';
import { InvitationsService } from '../invitations/invitations.service';
import { StudyMetrics } from '../observability/study-metrics';
import type { Handover } from '../members/handover';
import { MemberNotFound } from '../members/members.errors';
import { MembersService } from '../members/members.service';
import { isCode, normaliseCode, ParticipantCodes } from './participant-code';
import { StudiesRepository } from './studies.repository';
import { ParticipantCodeExpired, ParticipantCodeUnknown, StudyNotFound } from './studies.errors';
import { StudyQueries, type StudyRow } from './study-queries';
import { Study } from './study.entity';
import { isAbandoned } from './study.rules';

/** What the one who opens a study asks for. */
export interface StudyRequest {
  readonly name: string;
  readonly totalCycle: number;
  /** Minutes. */
  readonly timePerCycle: number;
}

/** A study whose row is locked by the transaction that read it. */
export type LockedStudy = Study;

const NAME_OF_THE_FORGOTTEN = '이름 없는 스터디';
/** Draws before giving up: with a million studies, one draw in 300 collides. */
const MAX_DRAWS = 10;

@Injectable()
export class StudiesService {
  constructor(
    private readonly transactor: Transactor,
    private readonly idempotency: IdempotencyService,
    private readonly members: MembersService,
    private readonly studies: StudiesRepository,
    private readonly queries: StudyQueries,
    private readonly invitations: InvitationsService,
    private readonly codes: ParticipantCodes,
    private readonly metrics: StudyMetrics,
    private readonly funnel: FunnelService,
    private readonly clock: Clock,
  ) {}

  /**
   * Opens a study in its lobby, with a participant code.
   *
   * @returns its id
   * @throws MemberNotFound; InvalidAccessToken for one who has left meanwhile
   */
  open(creatorId: number, request: StudyRequest, keyed: KeyedRequest): Promise<number> {
    return this.transactor.write((em) =>
      this.idempotency.once(em, creatorId, keyed, async () => {
        await this.members.get(em, creatorId);
        const study = await this.add(em, creatorId, request);
        await this.giveCode(em, study.id);
        return study.id;
      }),
    );
  }

  /** Adds a study without a code. */
  async add(em: EntityManager, creatorId: number, request: StudyRequest): Promise<LockedStudy> {
    const study = Study.open({ creatorId, ...request }, this.clock.now());
    await this.studies.insert(em, study);
    return study;
  }

  /** @throws InvalidAccessToken; MemberNotFound; StudyNotFound; NotAllowed for one who is not in the study */
  async get(caller: Caller, studyId: number): Promise<StudyRow> {
    const row = await this.queries.byId(caller, studyId);
    if (row === undefined) throw new MemberNotFound();
    refuseEnded(row, caller);
    if (row.id === null) throw new StudyNotFound();
    if (row.participant_id === null) throw new NotAllowed();
    return row;
  }

  list(memberId: number): Promise<readonly StudyRow[]> {
    return this.queries.ofMember(memberId);
  }

  /**
   * Finds the study of a participant code and lets the caller join it for a day.
   *
   * @param typed as a person typed it
   * @throws ParticipantCodeUnknown; ParticipantCodeExpired for one who has no part in it, once it is over or abandoned;
   *   MemberNotFound
   */
  async enter(callerId: number, typed: string): Promise<StudyRow> {
    const code = normaliseCode(typed);
    const row = isCode(code) ? await this.queries.byCode(callerId, code) : undefined;
    if (row === undefined) throw new ParticipantCodeUnknown();
    const now = this.clock.now();
    if (row.participant_id === null && isOver(row, now)) throw new ParticipantCodeExpired();
    await this.transactor.write(async (em) => {
      await this.members.get(em, callerId);
      await this.invitations.invite(em, callerId, row.id, now);
    });
    return row;
  }

  /** @throws StudyNotFound; NotAllowed for one who is not in the study; ParticipantCodeUnknown for a solo study */
  async getCode(callerId: number, studyId: number): Promise<string> {
    const row = await this.queries.codeOf(callerId, studyId);
    if (row === undefined) throw new StudyNotFound();
    if (row.participant_id === null) throw new NotAllowed();
    if (row.code === null) throw new ParticipantCodeUnknown();
    return row.code;
  }

  /** Reads a study and keeps every other change of it waiting. @throws StudyNotFound */
  async getForUpdate(em: EntityManager, studyId: number): Promise<LockedStudy> {
    const study = await this.studies.findForUpdate(em, studyId);
    if (study === null) throw new StudyNotFound();
    return study;
  }

  /**
   * Makes a member the creator of another's studies, and keeps every other change of them, and of further ones, waiting
   * until the transaction ends.
   *
   * @param studyIds of the further ones
   */
  async handOver(em: EntityManager, handover: Handover, studyIds: readonly number[]): Promise<void> {
    const created = await this.studies.listCreatedBy(em, handover.from);
    await this.studies.lock(em, [...new Set([...created, ...studyIds])]);
    await this.studies.changeCreator(em, handover);
  }

  /** Stores that the study has come to another step. */
  async recordStep(em: EntityManager, study: LockedStudy): Promise<void> {
    await this.studies.updateStep(em, study);
    await this.funnel.stepChanged(em, study);
    const { step } = study;
    this.transactor.onCommit(em, () => this.metrics.stepChanged(step));
  }

  /** Stores since when the lobby has been empty. */
  recordVacancy(em: EntityManager, study: LockedStudy): Promise<void> {
    return this.studies.updateVacancy(em, study);
  }

  /** Forgets how a member called their studies, but for those that others are in: it is their record, too. */
  forgetNames(em: EntityManager, creatorId: number): Promise<void> {
    return this.studies.renameLonelyOf(em, creatorId, NAME_OF_THE_FORGOTTEN);
  }

  private async giveCode(em: EntityManager, studyId: number): Promise<void> {
    for (let draws = 1; ; draws += 1) {
      try {
        return await this.studies.insertCode(em, studyId, this.codes.draw());
      } catch (error) {
        if (draws === MAX_DRAWS || !isDuplicate(error, 'participant_code_code')) throw error;
      }
    }
  }
}

function isOver({ step, vacant_since }: StudyRow, now: Date): boolean {
  return (
    step === 'DONE' || isAbandoned(step, vacant_since?.getTime() ?? null, now.getTime(), LIMITS.vacantLobbyMs)
  );
}
