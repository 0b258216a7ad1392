import { Injectable } from '@nestjs/common';
import { Statements } from '@app/database';

/** One seat of a study; all but the study is `null` where nobody is in. */
export interface SeatRow {
  readonly study_id: number;
  readonly participant_id: number | null;
  readonly member_id: number | null;
  readonly nickname: string | null;
  readonly is_host: number | null;
}

const SEATS =
  'SELECT s.id AS study_id, p.id AS participant_id, p.member_id, p.nickname, p.is_host ' +
  'FROM study s LEFT JOIN participant p ON p.study_id = s.id';
const OF_STUDY = `${SEATS} WHERE s.id = ? ORDER BY p.id`;
const OF_MEMBER = `${SEATS} AND p.member_id = ? WHERE s.id = ?`;
const BY_ID =
  'SELECT p.study_id, p.id AS participant_id, p.member_id, p.nickname, p.is_host FROM participant p WHERE p.id = ?';

/** Reads that need no transaction. No row at all means that there is no such study. */
@Injectable()
export class ParticipantQueries {
  constructor(private readonly statements: Statements) {}

  ofStudy(studyId: number): Promise<readonly SeatRow[]> {
    return this.statements.select<SeatRow>(OF_STUDY, [studyId]);
  }

  async ofMember(studyId: number, memberId: number): Promise<SeatRow | undefined> {
    return (await this.statements.select<SeatRow>(OF_MEMBER, [memberId, studyId]))[0];
  }

  async byId(participantId: number): Promise<SeatRow | undefined> {
    return (await this.statements.select<SeatRow>(BY_ID, [participantId]))[0];
  }
}
