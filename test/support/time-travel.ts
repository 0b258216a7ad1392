import type { TestApi } from './api';

/**
 * Makes a study and its invitations so much older, as if the time had passed meanwhile. Access tokens do not age.
 *
 * @param seconds may have a fraction
 */
export async function letPass(
  { sql }: Pick<TestApi, 'sql'>,
  studyId: number,
  seconds: number,
): Promise<void> {
  const earlier = (column: string) => `${column} = ${column} - INTERVAL ? SECOND`;
  const age = (table: string, id: string, columns: readonly string[]) =>
    sql(`UPDATE ${table} SET ${columns.map(earlier).join(', ')} WHERE ${id} = ?`, [
      ...columns.map(() => seconds),
      studyId,
    ]);
  await age('study', 'id', ['created_at', 'step_started_at', 'vacant_since']);
  await age('participant', 'study_id', ['study_created_at']);
  await age('invitation', 'study_id', ['expires_at', 'left_at']);
}
