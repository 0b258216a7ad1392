import { readCursor, toCursor } from './record-cursor';

const encoded = (text: string) => Buffer.from(text).toString('base64url');

describe('a cursor', () => {
  it.each([
    { at: new Date('2026-11-20T14:59:59.999Z'), studyId: 7 },
    { at: new Date(0), studyId: 4_294_967_295 },
  ])('leads back to its place: %j', (place) => {
    expect(readCursor(toCursor(place))).toEqual(place);
  });

  it('shows nothing to one who only looks at it', () => {
    expect(toCursor({ at: new Date('2026-11-20T14:59:59.999Z'), studyId: 7 })).toMatch(/^[\w-]+$/);
  });

  it.each([
    '',
    'x',
    'a'.repeat(41),
    encoded('1.2') + '=',
    encoded('1'),
    encoded('1.2.3'),
    encoded('-1.2'),
    encoded('1.-2'),
    encoded('1e3.2'),
    encoded('01.2'),
    encoded('999999999999999.1'),
    encoded('253402300800000.1'),
    encoded('1.99999999999'),
    encoded("1.2' OR 1=1"),
    `${encoded('1.2')} `,
    null,
    7,
    [encoded('1.2')],
  ])('that was made up is none: %j', (cursor) => {
    expect(readCursor(cursor)).toBeUndefined();
  });
});
