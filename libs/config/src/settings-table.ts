import { z } from 'zod';
import { envSchema } from './env-schema';

/**
 * Renders every setting as a Markdown table: name, default, unit, meaning. The only source of
 * `docs/configuration.md`.
 */
export function settingsTable(): string {
  const json = z.toJSONSchema(envSchema, { io: 'input', unrepresentable: 'any' });
  const required = new Set(json.required);
  const rows = Object.entries(json.properties ?? {}).map(([name, raw]) => {
    const property = raw as { default?: unknown; description?: string; unit?: string };
    const preset =
      property.default === undefined ? (required.has(name) ? 'required' : 'unset') : code(property.default);
    return `| \`${name}\` | ${preset} | ${property.unit ?? 'text'} | ${property.description ?? ''} |`;
  });
  return ['| setting | default | unit | meaning |', '| --- | --- | --- | --- |', ...rows].join('\n');
}

function code(value: unknown): string {
  return value === '' ? 'empty' : `\`${String(value)}\``;
}
