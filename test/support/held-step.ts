import type { TestApi } from './api';
import { holdRow } from './held-row';

/**
 * Changes the step of a study in a transaction that stays open, so that others must wait for it.
 *
 * @returns ends it, once somebody does wait
 */
export function holdStep(
  api: Pick<TestApi, 'connect'>,
  studyId: number,
  step: string,
): Promise<() => Promise<void>> {
  return holdRow(api, 'UPDATE study SET step = ? WHERE id = ?', [step, studyId]);
}
