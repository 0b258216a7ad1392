import type { CycleRow } from './export-queries';

/** What somebody wrote, question by question. */
type Answers = Readonly<Record<string, string>>;

interface ExportedCycle {
  readonly cycle: number;
  readonly plan: Answers;
  readonly retrospect: Answers;
}

/** A study with the seat that a member has in it and all that the member wrote there. */
export interface ExportedStudy {
  readonly study: CycleRow;
  readonly contents: readonly ExportedCycle[];
}

/** @param rows the cycles of one study next to each other */
export function toStudies(rows: readonly CycleRow[]): readonly ExportedStudy[] {
  const studies = new Map<number, ExportedStudy & { readonly contents: ExportedCycle[] }>();
  for (const row of rows) {
    const study = studies.get(row.study_id) ?? { study: row, contents: [] };
    studies.set(row.study_id, study);
    if (row.cycle === null) continue;
    study.contents.push({
      cycle: row.cycle,
      plan: answersOf(row.plan),
      retrospect: answersOf(row.retrospect),
    });
  }
  return [...studies.values()];
}

function answersOf(json: string | null): Answers {
  return json === null ? {} : (JSON.parse(json) as Answers);
}
