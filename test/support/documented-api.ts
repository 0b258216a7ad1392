import Ajv, { type ValidateFunction } from 'ajv';
import addFormats from 'ajv-formats';
import type { OpenAPIObject } from '@nestjs/swagger';

type OperationObject = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Schema = Record<string, unknown>;
interface Content {
  readonly schema?: Schema;
  readonly examples?: Readonly<Record<string, { readonly value?: unknown }>>;
}
interface DocumentedAnswer {
  readonly content?: Readonly<Record<string, Content>>;
}

/** An answer as it came over the wire. */
export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly body: unknown;
}

/** Failures that arise before it is known which operation is meant. */
export const BEFORE_ANY_OPERATION = [1606, 1607, 1608];
const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** The service's own OpenAPI document, with which every answer of a test is compared. */
export class DocumentedApi {
  private readonly ajv = new Ajv({ strict: false, allErrors: true });
  private readonly compiled = new Map<string, ValidateFunction>();

  constructor(readonly document: OpenAPIObject) {
    addFormats(this.ajv);
    this.ajv.addSchema(closed(document) as unknown as Schema, 'api');
  }

  static async load(baseUrl: string): Promise<DocumentedApi> {
    const answer = await fetch(`${baseUrl}/v3/api-docs`);
    return new DocumentedApi((await answer.json()) as OpenAPIObject);
  }

  /** Every operation: its path template, its method and what is said of it. */
  operations(): { path: string; method: string; operation: OperationObject }[] {
    return Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.flatMap((method) => {
        const operation = item[method];
        return operation === undefined ? [] : [{ path, method, operation }];
      }),
    );
  }

  /**
   * Compares an answer with what the document says of its operation.
   *
   * @returns what is wrong; `undefined` when all is as documented, or the path is not one of the document's
   */
  contradiction(method: string, path: string, { status, contentType, body }: RawAnswer): string | undefined {
    const found = this.operations().find(
      (one) => one.method === method.toLowerCase() && matches(one.path, path),
    );
    if (found === undefined) return undefined;
    const name = `${method} ${found.path} ${status}`;
    const documented = found.operation.responses[status] as DocumentedAnswer | undefined;
    if (documented === undefined) return `${name} is not documented`;
    const type = contentType?.split(';')[0] ?? '';
    if (documented.content === undefined)
      return body === '' ? undefined : `${name} is documented without a body`;
    const { schema, examples } = documented.content[type] ?? {};
    if (schema === undefined) return `${name} is not documented as ${type}`;
    if (typeof body === 'string') return undefined;
    return this.mismatch(name, schema, body) ?? unknownCode(name, examples, body);
  }

  private mismatch(name: string, schema: Schema, body: unknown): string | undefined {
    const key = JSON.stringify(schema);
    const validate = this.compiled.get(key) ?? this.ajv.compile(absolute(schema));
    this.compiled.set(key, validate);
    return validate(body)
      ? undefined
      : `${name}: ${this.ajv.errorsText(validate.errors)} in ${JSON.stringify(body)}`;
  }
}

/** Each code of a failure is documented by an example. */
function unknownCode(name: string, examples: Content['examples'], body: unknown): string | undefined {
  const codeOf = (problem: unknown) => (problem as { code?: number } | null)?.code;
  const code = codeOf(body);
  if (examples === undefined || code === undefined || BEFORE_ANY_OPERATION.includes(code)) return undefined;
  const codes = Object.values(examples).map(({ value }) => codeOf(value));
  return codes.includes(code) ? undefined : `${name} is not documented with code ${code}`;
}

function matches(template: string, path: string): boolean {
  return new RegExp(`^${template.replace(/\{[^}]+\}/g, '[^/]+')}$`).test(path);
}

/** References inside the document, as references to it. */
function absolute(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"api#/components')) as Schema;
}

/** A field that the document does not name is a contradiction, too. */
function closed(document: OpenAPIObject): OpenAPIObject {
  const copy = JSON.parse(JSON.stringify(document)) as OpenAPIObject;
  for (const schema of Object.values(copy.components?.schemas ?? {})) {
    if ('properties' in schema) Object.assign(schema, { additionalProperties: false });
  }
  return copy;
}
