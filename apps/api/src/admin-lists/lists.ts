import type { Interval } from '../days/days';
import type { List } from './list-queries';

const STUDY = {
  tables: 'study s',
  key: 's.id',
  columns:
    's.id, s.name, s.total_cycle, s.time_per_cycle, s.current_cycle, s.step, s.created_at, s.step_started_at',
} as const;

const CONTENT = {
  key: 'c.id',
  columns: 'c.id, c.participant_id, c.cycle, c.plan, c.retrospect',
} as const;

/** Of those who have left, nothing personal is in their rows any more. */
const MEMBER = {
  tables: 'member m',
  key: 'm.id',
  columns: 'm.id, m.name, m.email, m.image_url, m.login_type',
} as const;

/** @param loginType none: all of them */
export const membersOf = (loginType: string | undefined): List =>
  loginType === undefined ? MEMBER : { ...MEMBER, where: 'm.login_type = ?', parameters: [loginType] };

export const STUDIES: List = STUDY;

export const studiesOpenedIn = ({ from, to }: Interval): List => ({
  ...STUDY,
  where: 's.created_at >= ? AND s.created_at < ?',
  index: 'study_opened',
  parameters: [from, to],
});

export const studiesDoneIn = ({ from, to }: Interval): List => ({
  ...STUDY,
  where: "s.step = 'DONE' AND s.step_started_at >= ? AND s.step_started_at < ?",
  index: 'study_reached',
  parameters: [from, to],
});

export const PARTICIPANTS: List = {
  tables: 'participant p',
  key: 'p.id',
  columns: 'p.id, p.study_id, p.member_id, p.nickname, p.is_host',
};

/** A study has one code at most, so its id is the code's, too. */
export const CODES: List = {
  tables: 'participant_code c',
  key: 'c.study_id',
  columns: 'c.study_id, c.code',
};

export const CONTENTS: List = { ...CONTENT, tables: 'content c' };

export const contentsOf = (studyId: number): List => ({
  ...CONTENT,
  tables: 'content c JOIN participant p ON p.id = c.participant_id',
  where: 'p.study_id = ?',
  parameters: [studyId],
});
