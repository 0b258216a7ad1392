import * as fc from 'fast-check';
import type { OpenAPIObject } from '@nestjs/swagger';
import type { DocumentedApi } from './documented-api';
import { anyBody, anyHeaders, anyJson, anyQuery, anyText } from './hostile-values';

export type Operation = ReturnType<DocumentedApi['operations']>[number];
/** Values that are right, by the name of their parameter or field: what is behind them is to be reached, too. */
export type Known = Readonly<Record<string, string | number>>;

const LONE_SURROGATES = /[\ud800-\udfff]/gu;

interface Schema {
  readonly example?: unknown;
  readonly $ref?: string;
  readonly properties?: Readonly<Record<string, Schema>>;
}
interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly schema?: Schema;
}
type Fields = readonly (readonly [name: string, value: unknown])[];

/** What a request is to be made of; printed short, since a text of 1 MB helps nobody. */
export class HostileRequest {
  constructor(
    readonly path: string,
    readonly headers: Readonly<Record<string, string>>,
    readonly body: string | Buffer | undefined,
  ) {}

  toString(): string {
    const { path, headers, body } = this;
    return [path.slice(0, 400), JSON.stringify(headers).slice(0, 600), String(body).slice(0, 400)].join('\n');
  }

  /** How fast-check shows it. */
  [fc.toStringMethod](): string {
    return this.toString();
  }
}

/**
 * Requests to one operation: mostly right but for one or two parts, so that each layer is reached.
 *
 * @param usual headers of somebody who may call it
 */
export function requestsTo(
  document: OpenAPIObject,
  { path, operation }: Operation,
  usual: HostileRequest['headers'],
  known: Known,
): fc.Arbitrary<HostileRequest> {
  const parameters = (operation.parameters ?? []) as readonly Parameter[];
  const values = (place: string) =>
    fc.tuple(...parameters.filter((one) => one.in === place).map((one) => valueOf(one, known)));
  const headers = fc.oneof({ weight: 3, arbitrary: fc.constant({}) }, { weight: 2, arbitrary: anyHeaders });
  return fc
    .tuple(values('path'), values('query'), anyQuery, headers, bodyOf(document, operation, known))
    .map(([inPath, inQuery, more, odd, body]) => {
      const search = [...inQuery.flat().map(([name, value]) => `${name}=${encoded(value)}`), ...more].join(
        '&',
      );
      const filled = inPath
        .flat()
        .reduce((all, [name, value]) => all.replace(`{${name}}`, encoded(value)), path);
      return new HostileRequest(`${filled}${search === '' ? '' : `?${search}`}`, { ...usual, ...odd }, body);
    });
}

/** A parameter: right, wrong, twice, as a list, as an object, or left out. */
function valueOf({ name, in: place, schema }: Parameter, known: Known): fc.Arbitrary<Fields> {
  const right = known[name] ?? schema?.example ?? 1;
  const once = (value: unknown): Fields => [[name, value]];
  const wrong = anyText.map(once);
  if (place === 'path')
    return fc.oneof({ weight: 3, arbitrary: fc.constant(once(right)) }, { weight: 2, arbitrary: wrong });
  return fc.oneof(
    { weight: 4, arbitrary: fc.constant(once(right)) },
    { weight: 4, arbitrary: wrong },
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 1, arbitrary: anyText.map((text): Fields => [...once(right), [name, text]]) },
    {
      weight: 1,
      arbitrary: fc
        .constantFrom('[]', '[0]', '[a]', '[__proto__]', '.a')
        .map((tail): Fields => [[name + tail, right]]),
    },
  );
}

function bodyOf(
  document: OpenAPIObject,
  operation: Operation['operation'],
  known: Known,
): fc.Arbitrary<string | Buffer | undefined> {
  const { content = {} } = (operation.requestBody ?? {}) as { content?: Record<string, { schema?: Schema }> };
  const schema = Object.values(content)[0]?.schema;
  if (schema === undefined)
    return fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: anyBody });
  const right = Object.entries(propertiesOf(document, schema)).map(
    ([name, one]) => [name, known[name] ?? exampleOf(document, one)] as const,
  );
  const names = [...right.map(([name]) => name), '__proto__', 'unknown'];
  const wrong = fc.array(fc.tuple(fc.constantFrom(...names), anyJson), { maxLength: 2 });
  return fc.oneof(
    {
      weight: 5,
      arbitrary: wrong.map((fields) => JSON.stringify(Object.fromEntries([...right, ...fields]))),
    },
    { weight: 1, arbitrary: fc.subarray(right).map((fields) => JSON.stringify(Object.fromEntries(fields))) },
    { weight: 1, arbitrary: anyBody },
  );
}

function propertiesOf(
  document: OpenAPIObject,
  { $ref, properties }: Schema,
): NonNullable<Schema['properties']> {
  const name = $ref?.split('/').at(-1) ?? '';
  const named = document.components?.schemas?.[name] as Schema | undefined;
  return named?.properties ?? properties ?? {};
}

function exampleOf(document: OpenAPIObject, schema: Schema): unknown {
  if (schema.example !== undefined || schema.$ref === undefined) return schema.example;
  const inner = Object.entries(propertiesOf(document, schema));
  return Object.fromEntries(inner.map(([name, one]) => [name, exampleOf(document, one)]));
}

/** Percent-encoded; `%` and its like stay as they are, and half a surrogate pair goes as it would in WTF-8. */
function encoded(value: unknown): string {
  const text = String(value);
  if (/^%(zz|ff|00)?$/.test(text)) return text;
  return encodeURIComponent(text.replace(LONE_SURROGATES, '\u0001')).replaceAll('%01', '%ED%A0%80');
}
