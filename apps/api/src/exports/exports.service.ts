import { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Clock } from '@app/kernel';
import type { Caller } from '../auth/jwt.strategy';
import { MemberNotFound } from '../members/members.errors';
import { dayOf } from '../days/days';
import { RecordsService } from '../records/records.service';
import { toExportedStudyDto, toHeldDto } from './dto/export.dto';
import { ExportQueries, type After } from './export-queries';
import { toStudies, type ExportedStudy } from './exported-study';
import { CSV_START, csvLinesOf } from './records-csv';

/** A file that is made while it is sent: it never stands in memory as a whole. */
export interface ExportedFile {
  readonly name: string;
  readonly content: Readable;
}

type Batches = AsyncGenerator<readonly ExportedStudy[]>;

const BEGINNING: After = { at: new Date('1000-01-01T00:00:00Z'), studyId: 0 };

@Injectable()
export class ExportsService {
  constructor(
    private readonly records: RecordsService,
    private readonly queries: ExportQueries,
    private readonly clock: Clock,
  ) {}

  /** All that the service holds about the caller. @throws InvalidAccessToken; MemberNotFound */
  async json(caller: Caller): Promise<ExportedFile> {
    const zone = await this.records.zoneOf(caller);
    const held = await this.queries.heldAbout(caller.memberId);
    if (held === undefined) throw new MemberNotFound();
    const head = toHeldDto(held, this.clock.now());
    const batches = await begun(this.batches(caller.memberId));
    return this.file(zone, 'json', jsonOf(head, batches));
  }

  /** The caller's studies, a line for each cycle. @throws InvalidAccessToken; MemberNotFound */
  async csv(caller: Caller): Promise<ExportedFile> {
    const zone = await this.records.zoneOf(caller);
    const batches = await begun(this.batches(caller.memberId));
    return this.file(zone, 'csv', csvOf(zone, batches));
  }

  private file(zone: string, type: string, chunks: AsyncGenerator<string>): ExportedFile {
    return {
      name: `haru-study-${dayOf(this.clock.now(), zone)}.${type}`,
      content: Readable.from(chunks, { objectMode: false }),
    };
  }

  private async *batches(memberId: number): Batches {
    let after = BEGINNING;
    for (;;) {
      const studies = toStudies(await this.queries.cyclesAfter(memberId, after));
      const last = studies.at(-1)?.study;
      if (last === undefined) return;
      yield studies;
      after = { at: last.created_at, studyId: last.study_id };
    }
  }
}

/** Makes the first step at once: what fails then is answered with a failure, not with half a file. */
async function begun(batches: Batches): Promise<Batches> {
  const first = await batches.next();
  return (async function* () {
    if (first.done === true) return;
    yield first.value;
    yield* batches;
  })();
}

async function* jsonOf(head: object, batches: Batches): AsyncGenerator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"studies":[`;
  let separator = '';
  for await (const studies of batches) {
    yield separator + studies.map((study) => JSON.stringify(toExportedStudyDto(study))).join(',');
    separator = ',';
  }
  yield ']}';
}

async function* csvOf(zone: string, batches: Batches): AsyncGenerator<string> {
  yield CSV_START;
  for await (const studies of batches) yield csvLinesOf(studies, zone);
}
