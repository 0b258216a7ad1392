import { Injectable } from '@nestjs/common';
import { Transactor } from '@app/database';
import { Clock } from '@app/kernel';
import type { EntityManager } from 'typeorm';
import { NotAllowed } from '../auth/auth.errors';
import { ContentsService } from '../contents/contents.service';
import { LIMITS } from '../http/limits';
import { InvitationsService } from '../invitations/invitations.service';
import { NAME_OF_THE_GONE } from '../members/name-of-the-gone';
import { MembersService } from '../members/members.service';
import { ParticipantCodeExpired } from '../studies/studies.errors';
import { StudiesService, type LockedStudy } from '../studies/studies.service';
import { Participant } from './participant.entity';
import {
  FirstSeatReserved,
  InvitationNeeded,
  NotAParticipant,
  ParticipantOfAnotherStudy,
  StudyAlreadyStarted,
} from './participants.errors';
import { ParticipantsRepository } from './participants.repository';
import { checkNickname } from './nickname';

/** Coming into a study and leaving it: each under the study's row lock, so one after another. */
@Injectable()
export class JoiningService {
  constructor(
    private readonly transactor: Transactor,
    private readonly studies: StudiesService,
    private readonly participants: ParticipantsRepository,
    private readonly contents: ContentsService,
    private readonly invitations: InvitationsService,
    private readonly members: MembersService,
    private readonly clock: Clock,
  ) {}

  /**
   * Lets the caller into a lobby; the first one in becomes host. One who is in already keeps seat and nickname.
   *
   * @param nickname as it came, unchecked: the contract looks at the study first
   * @returns id of the participant
   * @throws MemberNotFound; StudyNotFound; StudyAlreadyStarted; ParticipantCodeExpired; InvitationNeeded;
   *   FirstSeatReserved; NicknameInvalid
   */
  join(callerId: number, studyId: number, nickname: unknown): Promise<number> {
    return this.transactor.write(async (em) => {
      await this.members.get(em, callerId);
      const study = await this.studies.getForUpdate(em, studyId);
      const seated = await this.participants.findOfMember(em, studyId, callerId);
      if (seated !== null) return seated.id;
      await this.assertOpenTo(em, callerId, study);
      return this.sit(em, study, callerId, checkNickname(nickname));
    });
  }

  /**
   * Gives a member a seat, with an empty content for each cycle.
   *
   * @returns id of the participant
   */
  async sit(em: EntityManager, study: LockedStudy, memberId: number, nickname: string): Promise<number> {
    const isHost = !(await this.participants.hasHost(em, study.id));
    const seat = { studyId: study.id, memberId, nickname, isHost, studyCreatedAt: study.createdAt };
    const participant = Participant.seat(seat, this.clock.now());
    await this.participants.insert(em, participant);
    await this.contents.open(em, participant.id, study.totalCycle);
    if (study.vacantSince !== null) {
      study.vacantSince = null;
      await this.studies.recordVacancy(em, study);
    }
    return participant.id;
  }

  /**
   * Takes the caller out of a study, with all that was written. In a running study a host's role goes to the one who
   * joined first, and the last one to leave ends it; in the lobby the next one who joins becomes host.
   *
   * @throws StudyNotFound; NotAParticipant for an unknown id; NotAllowed for another's; ParticipantOfAnotherStudy
   */
  leave(callerId: number, studyId: number, participantId: number): Promise<void> {
    return this.transactor.write(async (em) => {
      const study = await this.studies.getForUpdate(em, studyId);
      const participant = await this.participants.find(em, participantId);
      if (participant === null) throw new NotAParticipant();
      if (participant.memberId !== callerId) throw new NotAllowed();
      if (participant.studyId !== studyId) throw new ParticipantOfAnotherStudy();
      await this.vacate(em, study, participant);
      await this.invitations.noteLeave(em, callerId, studyId, this.clock.now());
    });
  }

  /**
   * Takes a member who leaves the service out of all studies: as by leaving where a study is not over. In one that is
   * over the others keep the record of it: the seat stays, without a name and without what was written.
   */
  async withdraw(em: EntityManager, memberId: number): Promise<void> {
    for (const { id, studyId } of await this.participants.listUnfinishedOf(em, memberId)) {
      const study = await this.studies.getForUpdate(em, studyId);
      const participant = await this.participants.find(em, id);
      if (participant !== null && study.step !== 'DONE') await this.vacate(em, study, participant);
    }
    await this.participants.renameAllOf(em, memberId, NAME_OF_THE_GONE);
    await this.contents.eraseAllOf(em, memberId);
    await this.invitations.forgetAllOf(em, memberId);
  }

  private async assertOpenTo(em: EntityManager, callerId: number, study: LockedStudy): Promise<void> {
    const now = this.clock.now();
    if (study.step !== 'WAITING') throw new StudyAlreadyStarted();
    if (study.isAbandoned(now, LIMITS.vacantLobbyMs)) throw new ParticipantCodeExpired();
    if (callerId === study.creatorId) return;
    if (!(await this.invitations.isInvited(em, callerId, study.id, now))) throw new InvitationNeeded();
    const isFresh = now.getTime() - study.createdAt.getTime() < LIMITS.firstSeatMs;
    if (isFresh && study.isUntaken) throw new FirstSeatReserved();
  }

  private async vacate(em: EntityManager, study: LockedStudy, { id, isHost }: Participant): Promise<void> {
    await this.participants.delete(em, id);
    const first = await this.participants.findFirst(em, study.id);
    if (first !== null) {
      if (isHost && study.isRunning) await this.participants.makeHost(em, first.id);
    } else if (study.isRunning) {
      study.end(this.clock.now());
      await this.studies.recordStep(em, study);
    } else if (study.step === 'WAITING') {
      study.vacantSince = this.clock.now();
      await this.studies.recordVacancy(em, study);
    }
  }
}
