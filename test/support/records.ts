import type { TestApi } from './api';
import type { Answer } from './api-client';
import { anOpenStudy, join, type Person } from './people';

type Database = Pick<TestApi, 'sql'>;

interface Seeds {
  /** When the first one was opened, `YYYY-MM-DD hh:mm:ss` in UTC; the next ones follow, one a minute. */
  readonly from?: string;
  /** How many were opened at the same instant. */
  readonly together?: number;
}

/**
 * Seats somebody in many studies of two cycles that are over, behind the service's back.
 *
 * @returns their ids, oldest first
 */
export async function seedStudies(
  { sql }: Database,
  { memberId }: Person,
  count: number,
  { from = '2020-01-01 00:00:00', together = 1 }: Seeds = {},
): Promise<number[]> {
  const [{ last }] = (await sql('SELECT COALESCE(MAX(id), 0) AS last FROM study')) as [{ last: number }];
  const ids = Array.from({ length: count }, (_, n) => Number(last) + 1 + n);
  const range = [ids.at(0), ids.at(-1)];
  await sql(
    'INSERT INTO study (id, name, total_cycle, time_per_cycle, current_cycle, step, step_started_at, sequence, created_at) ' +
      "SELECT ? + seq + 1, 's', 2, 20, 2, 'DONE', ? + INTERVAL (seq DIV ?) MINUTE, 7, ? + INTERVAL (seq DIV ?) MINUTE " +
      'FROM seq_0_to_99999 WHERE seq < ?',
    [last, from, together, from, together, count],
  );
  await sql(
    "INSERT INTO study_transition (study_id, sequence, step, cycle, at) SELECT id, 1, 'PLANNING', 1, created_at " +
      'FROM study WHERE id BETWEEN ? AND ?',
    range,
  );
  await sql(
    'INSERT INTO participant (study_id, member_id, nickname, is_host, created_at, study_created_at) ' +
      "SELECT id, ?, 'n', 1, created_at, created_at FROM study WHERE id BETWEEN ? AND ?",
    [memberId, ...range],
  );
  await sql(
    'INSERT INTO content (participant_id, cycle) SELECT p.id, c.seq FROM participant p JOIN seq_1_to_2 c ' +
      'WHERE p.member_id = ? AND p.study_id BETWEEN ? AND ?',
    [memberId, ...range],
  );
  return ids;
}

/**
 * Seats somebody in new studies, and makes them opened at other instants.
 *
 * @param opened name of the study to `YYYY-MM-DD hh:mm:ss.fff` in UTC
 */
export async function withStudies(
  { client, sql }: Pick<TestApi, 'client' | 'sql'>,
  person: Person,
  opened: Readonly<Record<string, string>>,
): Promise<void> {
  for (const [name, at] of Object.entries(opened)) {
    const { studyId } = await join(client, person, await anOpenStudy(client, person, { name }));
    await openedAt({ sql }, studyId, at);
  }
}

/** Makes a study opened at another instant. @param at `YYYY-MM-DD hh:mm:ss.fff` in UTC */
export async function openedAt({ sql }: Database, studyId: number, at: string): Promise<void> {
  await sql('UPDATE study SET created_at = ? WHERE id = ?', [at, studyId]);
  await sql('UPDATE participant SET study_created_at = ? WHERE study_id = ?', [at, studyId]);
}

export interface StudyRecord {
  readonly studyId: number;
  readonly name: string;
  readonly createdDate: string;
}
export interface PageOf {
  readonly studyRecords: readonly StudyRecord[];
  readonly pageInfo: { readonly pageNum: number; readonly totalPages: number };
}
export type Calendar = Readonly<{ studyRecords: Readonly<Record<string, readonly StudyRecord[]>> }>;

/** The two views of the web client, as somebody asks for them. */
export function recordsOf(api: () => TestApi) {
  const list = <Body = PageOf>({ token, memberId }: Person, query = ''): Promise<Answer<Body>> =>
    api().client.get<Body>(`/api/v2/view/study-records?memberId=${memberId}${query}`, { token });
  const calendar = <Body = Calendar>({ token, memberId }: Person, query: string): Promise<Answer<Body>> =>
    api().client.get<Body>(`/api/v2/view/calendar/study-records?memberId=${memberId}${query}`, { token });
  return { list, calendar };
}

export const namesOf = ({ body }: Answer<PageOf>) => body.studyRecords.map(({ name }) => name);
export const daysOf = ({ body }: Answer<Calendar>) =>
  Object.fromEntries(
    Object.entries(body.studyRecords).map(([day, records]) => [day, records.map(({ name }) => name)]),
  );
