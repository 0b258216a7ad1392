import { RequestPipe, fromDigits, IsWholeNumber, UNKNOWN_FIELDS_REFUSED } from './validation';
import { InvalidRequest } from './field-error';
import { readId } from './ids';

class Lenient {
  @IsWholeNumber({ min: 1, max: 8 })
  readonly cycles: number;
}
class Strict extends Lenient {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;
}

const pipe = new RequestPipe();
const read = (value: unknown, metatype: typeof Lenient = Lenient) =>
  pipe.transform(value, { type: 'body', metatype });

describe('a text of digits', () => {
  it.each([
    ['25', 25],
    ['0025', 25],
    ['-1', -1],
    ['9007199254740991', 9_007_199_254_740_991],
  ])('%j counts as the number %i', (text, number) => {
    expect(fromDigits(text)).toBe(number);
  });

  it.each(['', ' 25', '25 ', '+25', '2.5', '0x19', '1e1', '２５', '25\u0000', '--1', '12345678901234567'])(
    '%j is not one',
    (text) => {
      expect(fromDigits(text)).toBe(text);
    },
  );

  it.each([[25], [null], [undefined], [true], [['25']]])('%j is left as it is', (value) => {
    expect(fromDigits(value)).toEqual(value);
  });
});

describe('a body', () => {
  it('is read into numbers, whether they came as numbers or as texts', async () => {
    expect(await read({ cycles: '2' })).toEqual({ cycles: 2 });
    expect(await read({ cycles: 2 })).toEqual({ cycles: 2 });
  });

  it.each([0, 9, 1.5, -1, '0', 'two', '', null, true, [2], { n: 2 }, Number.NaN, undefined])(
    'with %j where a whole number from 1 to 8 belongs is refused',
    async (cycles) => {
      await expect(read({ cycles })).rejects.toThrow(InvalidRequest);
    },
  );

  it.each([null, 7, 'text', true, [], [{ cycles: 2 }]])(
    'that is %j and no object is refused',
    async (body) => {
      await expect(read(body)).rejects.toThrow(InvalidRequest);
    },
  );

  it('that is missing counts as empty: each field is named', async () => {
    await expect(read(undefined)).rejects.toMatchObject({ problems: [{ path: 'cycles' }] });
  });

  it('loses fields that the old contract does not know', async () => {
    expect(await read({ cycles: 2, admin: true })).toEqual({ cycles: 2 });
  });

  it('with an unknown field is refused where the endpoint is new, and the field is named', async () => {
    await expect(read({ cycles: 2, admin: true }, Strict)).rejects.toMatchObject({
      problems: [{ path: 'admin', reason: 'is not a field of this request', code: 1600 }],
    });
  });
});

function refusal(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}

describe('an id in a path', () => {
  const read = (text: unknown) => readId('studyId', text);

  it.each([
    ['1', 1],
    ['4294967296', 4_294_967_296],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('%s is read as a number', (text, id) => {
    expect(read(text)).toBe(id);
  });

  it.each(['0', '-1', '1.5', '0x10', '0b1', '1e3', ' 1', '+1', '１', 'abc', '1\u0000', 'Infinity', 'null'])(
    '%j is refused before any SQL sees it, and named',
    (text) => {
      expect(refusal(() => read(text))).toMatchObject({ problems: [{ path: 'studyId', code: 1600 }] });
    },
  );

  it.each(['9007199254740992', '99999999999999999999', '1'.repeat(90)])('%s is too large', (text) => {
    expect(refusal(() => read(text))).toBeInstanceOf(InvalidRequest);
  });
});
