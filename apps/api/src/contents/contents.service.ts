import { Injectable } from '@nestjs/common';
import type { EntityManager } from 'typeorm';
import { NotAllowed } from '../auth/auth.errors';
import { MemberNotFound } from '../members/members.errors';
import { NotAParticipant, ParticipantOfAnotherStudy } from '../participants/participants.errors';
import { StudyNotFound } from '../studies/studies.errors';
import { ContentQueries, stepFor, type ContentKind, type ContentRow, type Write } from './content-queries';
import { ContentNotFound, WrongStep } from './contents.errors';
import { joinAnswers } from './joined-answers.rules';

/** What a person writes: question to answer. */
export type Answers = Readonly<Record<string, string>>;

export interface ContentView {
  readonly cycle: number;
  readonly plan: Answers;
  readonly retrospect: Answers;
}

/** Two contents of one cycle: that of the participant who stays, and that of the one who goes. */
interface TwoContents {
  readonly id: number;
  readonly plan: string | null;
  readonly retrospect: string | null;
  readonly otherPlan: string | null;
  readonly otherRetrospect: string | null;
}

// What the database refuses are contents of cycles in which the other has one: those are joined.
const TAKE_OVER = 'UPDATE IGNORE content SET participant_id = ? WHERE participant_id = ?';
const IN_TWO =
  'SELECT c.id, c.plan, c.retrospect, other.plan AS otherPlan, other.retrospect AS otherRetrospect FROM content c ' +
  'JOIN content other ON other.participant_id = ? AND other.cycle = c.cycle WHERE c.participant_id = ?';
const REWRITE = 'UPDATE content SET plan = ?, retrospect = ? WHERE id = ?';

const NOT_WRITTEN = '{}';
/** A write that met a step just before its change is tried again; two changes in a row within a moment are rare. */
const MAX_TRIES = 3;

/** Plans and retrospects. */
@Injectable()
export class ContentsService {
  constructor(private readonly contents: ContentQueries) {}

  /** Makes an empty content for each cycle of a new participant. */
  async open(em: EntityManager, participantId: number, totalCycle: number): Promise<void> {
    const cycles = Array.from({ length: totalCycle }, (_, index) => [participantId, index + 1]);
    await em.query('INSERT INTO content (participant_id, cycle) VALUES ?', [cycles]);
  }

  /** Joins to a participant's contents those of another, who goes. Nobody writes meanwhile: the study is locked. */
  async join(em: EntityManager, fromParticipantId: number, toParticipantId: number): Promise<void> {
    await em.query(TAKE_OVER, [toParticipantId, fromParticipantId]);
    const rows = (await em.query(IN_TWO, [fromParticipantId, toParticipantId])) as TwoContents[];
    for (const { id, plan, retrospect, otherPlan, otherRetrospect } of rows) {
      if (otherPlan === null && otherRetrospect === null) continue;
      await em.query(REWRITE, [joined(plan, otherPlan), joined(retrospect, otherRetrospect), id]);
    }
  }

  /**
   * What a participant wrote, by cycle. Participants of one study may read each other.
   *
   * @param cycle only this one; one that the study does not have gives an empty list
   * @throws StudyNotFound; NotAllowed for one who is not in the study; NotAParticipant
   */
  async list(
    callerId: number,
    studyId: number,
    participantId: number,
    cycle?: number,
  ): Promise<ContentView[]> {
    const rows = await this.contents.ofParticipant(callerId, studyId, participantId);
    const [first] = rows;
    if (first === undefined) throw new StudyNotFound();
    if (first.own_id === null) throw new NotAllowed();
    if (first.participant_id === null) throw new NotAParticipant();
    return rows
      .filter((row) => row.cycle !== null && (cycle === undefined || row.cycle === cycle))
      .map(toView);
  }

  /**
   * Writes, or writes anew, the plan or the retrospect of the current cycle.
   *
   * @throws StudyNotFound; NotAParticipant; MemberNotFound; ParticipantOfAnotherStudy; NotAllowed; WrongStep;
   *   ContentNotFound, in this order
   */
  async write(kind: ContentKind, write: Write, answers: Answers): Promise<void> {
    const json = JSON.stringify(answers);
    for (let tries = 1; tries <= MAX_TRIES; tries += 1) {
      if (await this.contents.write(kind, write, json === NOT_WRITTEN ? null : json)) return;
      const reason = await this.reasonOfRefusal(kind, write);
      if (reason !== null) throw reason;
    }
    throw new WrongStep();
  }

  /** Erases everything that a member wrote; the contents stay, as not written. */
  eraseAllOf(em: EntityManager, memberId: number): Promise<void> {
    return this.contents.eraseAllOf(em, memberId);
  }

  /** @returns `null` when nothing stands in the way any more: the step has changed since the write */
  private async reasonOfRefusal(kind: ContentKind, write: Write): Promise<Error | null> {
    const facts = await this.contents.facts(write);
    if (facts === undefined) return new StudyNotFound();
    if (facts.participant_study_id === null) return new NotAParticipant();
    if (facts.member_exists === 0) return new MemberNotFound();
    if (facts.participant_study_id !== write.studyId) return new ParticipantOfAnotherStudy();
    if (facts.participant_member_id !== write.callerId) return new NotAllowed();
    if (facts.step !== stepFor(kind)) return new WrongStep();
    return facts.content_exists === 0 ? new ContentNotFound() : null;
  }
}

function toView({ cycle, plan, retrospect }: ContentRow): ContentView {
  return { cycle: cycle ?? 0, plan: parse(plan), retrospect: parse(retrospect) };
}

function joined(json: string | null, other: string | null): string | null {
  if (json === null || other === null) return json ?? other;
  return JSON.stringify(joinAnswers(parse(json), parse(other)));
}

function parse(json: string | null): Answers {
  return JSON.parse(json ?? NOT_WRITTEN) as Answers;
}
