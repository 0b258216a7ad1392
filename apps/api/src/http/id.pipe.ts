import { Injectable, type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { InvalidRequest } from './field-error';
import { fromDigits } from './validation';

/** Reads an id out of the path: a whole number from 1, before any SQL sees it. */
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

/** Documents an id in the path. */
export const ApiId = (name: string, description: string, example: number) =>
  ApiParam({
    name,
    description,
    schema: { type: 'integer', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, example },
  });

export const ApiStudyId = () => ApiId('studyId', 'the study', 7);
