import type { Step } from '@app/pomodoro';

/** A page of a list, as it is in the database. */
export interface ListPage<Row> {
  readonly totalPage: number;
  readonly rows: readonly Row[];
}

export interface MemberRow {
  readonly id: number;
  readonly name: string;
  readonly email: string | null;
  readonly image_url: string | null;
  readonly login_type: string;
}

export interface StudyListRow {
  readonly id: number;
  readonly name: string;
  readonly total_cycle: number;
  readonly time_per_cycle: number;
  readonly current_cycle: number;
  readonly step: Step;
  readonly created_at: Date;
  readonly step_started_at: Date;
}

export interface ParticipantRow {
  readonly id: number;
  readonly study_id: number;
  readonly member_id: number;
  readonly nickname: string;
  readonly is_host: number;
}

export interface CodeRow {
  readonly study_id: number;
  readonly code: string;
}

export interface ContentRow {
  readonly id: number;
  readonly participant_id: number;
  readonly cycle: number;
  /** JSON; `null` when it is not written. */
  readonly plan: string | null;
  readonly retrospect: string | null;
}
