import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ApiParam, ApiQuery } from '@nestjs/swagger';
import { InvalidRequest } from './field-error';
import { fromDigits } from './validation';

/** Reads an id out of the path or the query: a whole number from 1, before any SQL sees it. */
@Injectable()
export class IdPipe implements PipeTransform<string, number> {
  transform(text: string, { data }: ArgumentMetadata): number {
    const id = fromDigits(text);
    if (Number.isSafeInteger(id) && (id as number) >= 1) return id as number;
    throw new InvalidRequest([
      { path: data ?? 'id', reason: 'must be a whole number, 1 or more', code: 1600 },
    ]);
  }
}

const idSchema = (example: number) => ({
  type: 'integer' as const,
  minimum: 1,
  maximum: Number.MAX_SAFE_INTEGER,
  example,
});

/** Documents an id in the path. */
export const ApiId = (name: string, description: string, example: number) =>
  ApiParam({ name, description, schema: idSchema(example) });

export const ApiStudyId = () => ApiId('studyId', 'the study', 7);

/** Documents `?studyId=`. */
export const ApiStudyIdQuery = () =>
  ApiQuery({ name: 'studyId', description: 'the study', required: true, schema: idSchema(7) });
