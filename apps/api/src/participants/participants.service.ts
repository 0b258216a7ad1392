import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NotAllowed } from '../auth/auth.errors';
import { ContentsService } from '../contents/contents.service';
import type { Handover } from '../members/handover';
import { MembersService } from '../members/members.service';
import { StudyNotFound } from '../studies/studies.errors';
import { ParticipantQueries, type SeatRow } from './participant-queries';
import { NotAParticipant, NotHost, ParticipantOfAnotherStudy } from './participants.errors';
import { ParticipantsRepository } from './participants.repository';

/** A participant as the contract shows it. */
export interface ParticipantView {
  readonly participantId: number;
  readonly nickname: string;
  readonly isHost: boolean;
}

/** Who is in a study. */
@Injectable()
export class ParticipantsService {
  constructor(
    private readonly participants: ParticipantsRepository,
    private readonly queries: ParticipantQueries,
    private readonly members: MembersService,
    private readonly contents: ContentsService,
  ) {}

  /** Everybody in the study, in the order of joining. @throws StudyNotFound; NotAllowed for one who is not in it */
  async list(callerId: number, studyId: number): Promise<readonly ParticipantView[]> {
    const rows = await this.queries.ofStudy(studyId);
    if (rows.length === 0) throw new StudyNotFound();
    if (!rows.some((row) => row.member_id === callerId)) throw new NotAllowed();
    return rows.map(toView);
  }

  /** @returns the caller's own seat, or `null` for one who is not in the study. @throws StudyNotFound */
  async find(callerId: number, studyId: number): Promise<ParticipantView | null> {
    const row = await this.queries.ofMember(studyId, callerId);
    if (row === undefined) throw new StudyNotFound();
    return row.participant_id === null ? null : toView(row);
  }

  /** @throws StudyNotFound; NotAParticipant */
  async getOwn(callerId: number, studyId: number): Promise<ParticipantView> {
    const own = await this.find(callerId, studyId);
    if (own === null) throw new NotAParticipant();
    return own;
  }

  /** @throws NotAParticipant for an unknown id; NotAllowed for another's; ParticipantOfAnotherStudy */
  async get(callerId: number, studyId: number, participantId: number): Promise<ParticipantView> {
    const row = await this.queries.byId(participantId);
    if (row === undefined) throw new NotAParticipant();
    if (row.member_id !== callerId) throw new NotAllowed();
    if (row.study_id !== studyId) throw new ParticipantOfAnotherStudy();
    return toView(row);
  }

  /** @throws MemberNotFound; NotAParticipant; NotHost */
  async assertHost(em: EntityManager, callerId: number, studyId: number): Promise<void> {
    const participant = await this.participants.findOfMember(em, studyId, callerId);
    if (participant === null) {
      await this.members.get(em, callerId);
      throw new NotAParticipant();
    }
    if (!participant.isHost) throw new NotHost();
  }

  /** Ids of the studies that a member is in. */
  listStudiesOf(em: EntityManager, memberId: number): Promise<number[]> {
    return this.participants.listStudiesOf(em, memberId);
  }

  /**
   * Gives a member the seats of another. Where both are in one study, the seat of the one who stays remains, with what
   * was written in both; it is the host's when either was. The studies are locked.
   */
  async handOver(em: EntityManager, handover: Handover): Promise<void> {
    for (const { id, is_host, staying_id } of await this.participants.listShared(em, handover)) {
      await this.contents.join(em, id, staying_id);
      await this.participants.delete(em, id);
      if (is_host === 1) await this.participants.makeHost(em, staying_id);
    }
    await this.participants.changeMember(em, handover);
  }
}

function toView({ participant_id, nickname, is_host }: SeatRow): ParticipantView {
  return { participantId: participant_id ?? 0, nickname: nickname ?? '', isHost: is_host === 1 };
}
