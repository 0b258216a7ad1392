import { stringify } from 'csv-stringify/sync';
import { dayOf } from '../days/days';
import { toProgressStep } from '../studies/study.rules';
import { asText } from './csv-cells.rules';
import type { ExportedStudy } from './exported-study';

const PLAN = [
  'toDo',
  'completionCondition',
  'expectedProbability',
  'expectedDifficulty',
  'whatCanYouDo',
] as const;
const RETROSPECT = ['doneAsExpected', 'experiencedDifficulty', 'lesson'] as const;
const ABOUT_STUDY = [
  'day',
  'studyId',
  'name',
  'nickname',
  'step',
  'totalCycle',
  'timePerCycle',
  'createdAt',
] as const;

/** Answers to questions that the web client does not ask stand together in the last column, as JSON. */
const HEADER = [...ABOUT_STUDY, 'cycle', ...PLAN, ...RETROSPECT, 'otherAnswers'];

/** The mark by which Excel knows that a text is UTF-8. */
export const CSV_START = '\ufeff' + lines([HEADER]);

/** One line for each cycle (RFC 4180), texts in quotes. */
export function csvLinesOf(studies: readonly ExportedStudy[], zone: string): string {
  return lines(studies.flatMap((study) => cyclesOf(study, zone)));
}

function cyclesOf({ study, contents }: ExportedStudy, zone: string): (string | number)[][] {
  const aboutStudy = [
    dayOf(study.created_at, zone),
    study.study_id,
    study.name,
    study.nickname,
    toProgressStep(study.step),
    study.total_cycle,
    study.time_per_cycle,
    study.created_at.toISOString(),
  ];
  if (contents.length === 0) return [[...aboutStudy, ...HEADER.slice(aboutStudy.length).map(() => '')]];
  return contents.map(({ cycle, plan, retrospect }) => [
    ...aboutStudy,
    cycle,
    ...PLAN.map((key) => plan[key] ?? ''),
    ...RETROSPECT.map((key) => retrospect[key] ?? ''),
    othersOf({ plan: without(plan, PLAN), retrospect: without(retrospect, RETROSPECT) }),
  ]);
}

function without(answers: Readonly<Record<string, string>>, keys: readonly string[]): [string, string][] {
  return Object.entries(answers).filter(([key]) => !keys.includes(key));
}

function othersOf(kinds: Readonly<Record<string, [string, string][]>>): string {
  const written = Object.entries(kinds).filter(([, answers]) => answers.length > 0);
  if (written.length === 0) return '';
  return JSON.stringify(
    Object.fromEntries(written.map(([kind, answers]) => [kind, Object.fromEntries(answers)])),
  );
}

function lines(rows: readonly (readonly (string | number)[])[]): string {
  return stringify([...rows], { record_delimiter: 'windows', quoted_string: true, cast: { string: asText } });
}
