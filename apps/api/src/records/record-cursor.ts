/** A place in the list of records, newest first: what comes after it is older. */
export interface Place {
  readonly at: Date;
  readonly studyId: number;
}

const FORM = /^(\d{1,15})\.(\d{1,10})$/;
const ENCODED = /^[\w-]{4,40}$/;

/** A place as clients carry it: they need not know what it says. */
export function toCursor({ at, studyId }: Place): string {
  return Buffer.from(`${at.getTime()}.${studyId}`).toString('base64url');
}

/** @returns `undefined` for what {@link toCursor} has not made. It shows nobody another's records, so it is not signed. */
export function readCursor(cursor: unknown): Place | undefined {
  if (typeof cursor !== 'string' || !ENCODED.test(cursor)) return undefined;
  const [, at, studyId] = FORM.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  const place = { at: new Date(Number(at)), studyId: Number(studyId) };
  // Another text of the same bytes would be another cursor of the same place.
  return at !== undefined && isInTime(place.at) && toCursor(place) === cursor ? place : undefined;
}

function isInTime(at: Date): boolean {
  return at.getTime() <= Date.UTC(9999, 11, 31);
}
