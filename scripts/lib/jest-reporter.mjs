// @ts-check
import { writeFileSync } from 'node:fs';

/** Leaves jest's counts in the file that `HARU_JEST_COUNTS` names. */
export default class CountsReporter {
  /**
   * @param {unknown} _contexts
   * @param {import('./jest.mjs').JestCounts} results jest's own, of which only the counts are kept
   */
  onRunComplete(_contexts, results) {
    const { numPassedTests, numFailedTests, numPendingTests, numTodoTests, numRuntimeErrorTestSuites } =
      results;
    const counts = {
      numPassedTests,
      numFailedTests,
      numPendingTests,
      numTodoTests,
      numRuntimeErrorTestSuites,
    };
    if (process.env.HARU_JEST_COUNTS) writeFileSync(process.env.HARU_JEST_COUNTS, JSON.stringify(counts));
  }
}
