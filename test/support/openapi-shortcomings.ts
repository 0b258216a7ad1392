import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = Readonly<Record<string, unknown>>;
type Content = Readonly<Record<string, { schema?: Schema; examples?: object }>>;
interface Part {
  readonly description?: string;
  readonly headers?: object;
  readonly content?: Content;
}
interface Parameter extends Part {
  readonly name: string;
  readonly schema?: Schema;
}

const isSaid = (text: unknown): boolean => typeof text === 'string' && text.trim().length > 2;
const LIMITS_OF: Readonly<Record<string, readonly (readonly string[])[]>> = {
  string: [['maxLength'], ['enum'], ['pattern'], ['format']],
  integer: [['minimum', 'maximum'], ['enum']],
  number: [['minimum', 'maximum']],
};

/**
 * What the document leaves out of an operation: summary, auth and its failures, limits and examples of what goes in,
 * the shape of what comes out, the codes of its failures with examples.
 *
 * @returns one line each; none when all is said
 */
export function shortcomings(
  document: OpenAPIObject,
  { name, path, operation }: { name: string; path: string; operation: Operation },
): string[] {
  const inputs = (operation.parameters ?? []) as readonly Parameter[];
  const templates = [...path.matchAll(/\{(\w+)\}/g)].map(([, template]) => template);
  const found = [
    ...(isSaid(operation.summary) ? [] : ['has no summary']),
    ...((operation.tags ?? []).length > 0 ? [] : ['has no tag']),
    ...templates
      .filter((template) => !inputs.some((one) => one.name === template))
      .map((one) => `does not say what ${String(one)} is`),
    ...inputs.flatMap(({ name: input, description, schema }) =>
      ofField(`parameter ${input}`, { ...schema, description }, true),
    ),
    ...ofBody(document, operation.requestBody as Part | undefined),
    ...Object.entries(operation.responses).flatMap(([status, answer]) =>
      ofAnswer(document, status, answer as Part),
    ),
    ...missingFailures(operation),
  ];
  return found.map((one) => `${name}: ${one}`);
}

function ofBody(document: OpenAPIObject, body: Part | undefined): string[] {
  if (body === undefined) return [];
  const schema = body.content?.['application/json']?.schema;
  return schema === undefined ? ['has a body without a schema'] : ofSchema(document, 'request', schema, true);
}

function ofAnswer(
  document: OpenAPIObject,
  status: string,
  { description, headers, content }: Part,
): string[] {
  const where = `answer ${status}`;
  const bodies = Object.entries(content ?? {});
  return [
    ...(isSaid(description) ? [] : [`${where} has no description`]),
    ...['X-Request-Id', 'X-Release']
      .filter((one) => !(one in (headers ?? {})))
      .map((one) => `${where} lacks ${one}`),
    ...(Number(status) >= 400 && bodies.length === 0 ? [`${where} has no body`] : []),
    ...bodies.flatMap(([type, { schema, examples }]) => [
      ...(schema === undefined
        ? [`${where} as ${type} has no schema`]
        : ofSchema(document, where, schema, false)),
      ...(type.includes('problem') && Object.keys(examples ?? {}).length === 0
        ? [`${where} has no example`]
        : []),
    ]),
  ];
}

/** Each one that wants a token or a session can refuse it; each one that takes a body can refuse that. */
function missingFailures({ responses, security, requestBody }: Operation): string[] {
  const codes = [...JSON.stringify(responses).matchAll(/"code":(\d{4})/g)].map(([, code]) => Number(code));
  const wanted = [
    1690,
    ...(security ?? []).flatMap((keys) => ('bearer' in keys ? [1403, 1404] : [1500])),
    ...(requestBody === undefined ? [] : [1600, 1601, 1604, 1605]),
  ];
  return wanted.filter((code) => !codes.includes(code)).map((code) => `does not name ${code}`);
}

function ofSchema(document: OpenAPIObject, where: string, schema: Schema, isInput: boolean): string[] {
  const name = /^#\/components\/schemas\/(.+)$/.exec(String(schema['$ref'] ?? ''))?.[1];
  if (name === undefined) return [];
  const { properties } = (document.components?.schemas?.[name] ?? {}) as {
    properties?: Record<string, Schema>;
  };
  if (properties === undefined) return [`${where} names ${name}, which has no fields`];
  return Object.entries(properties).flatMap(([field, one]) => [
    ...ofField(`${where} ${name}.${field}`, one, isInput),
    ...partsOf(one).flatMap((part) => ofSchema(document, where, part, isInput)),
  ]);
}

/** A field's own schema, that of its items, and what it is composed of. */
function partsOf(field: Schema): Schema[] {
  const { items = {}, allOf = [] } = field as { items?: Schema; allOf?: readonly Schema[] };
  return [field, items, ...allOf];
}

function ofField(where: string, field: Schema, isInput: boolean): string[] {
  const type = String(field['type'] ?? 'object');
  const isValue = type in LIMITS_OF || type === 'boolean';
  const limits = LIMITS_OF[type];
  const isLimited = limits?.some((names) => names.every((one) => one in field)) ?? true;
  return [
    ...(isSaid(field['description']) ? [] : [`${where} has no description`]),
    ...(isValue && !('example' in field) ? [`${where} has no example`] : []),
    ...(isInput && !isLimited ? [`${where} has no limit`] : []),
    ...(type === 'number' ? [`${where} is a number: every number here is whole`] : []),
  ];
}
