import type { Trouble } from './errors';

/** What a command said on each host: its result, or what kept it from one. */
export type Answers = Readonly<Record<string, unknown>>;

type Refused = Readonly<{ error: string | Trouble; exitCode: number }> | Readonly<{ unreachable: string }>;

/**
 * What a command said on each host, as people read it.
 *
 * @param render the result of that command, on one host
 * @param isOne the one host was asked for by name: then every line is its own, as if the command had been run there
 */
export function renderAnswers(hosts: Answers, render: (result: unknown) => string, isOne = false): string {
  return Object.entries(hosts)
    .flatMap(([host, said]) => {
      const text = whyRefused(said) ?? render(said);
      const lines = text === '' ? [] : text.split('\n');
      return isOne ? lines : lines.map((line) => `${host}  ${line}`.trimEnd());
    })
    .join('\n');
}

/** @returns in words what kept a host from an answer; null: there is one */
export function whyRefused(said: unknown): string | null {
  if (!isRefused(said)) return null;
  if ('unreachable' in said) return `cannot be asked: ${said.unreachable}`;
  const { error } = said;
  if (typeof error === 'string') return error;
  return [error.what, ...(error.details ?? []).map((line) => `  ${line}`)].join('\n');
}

function isRefused(said: unknown): said is Refused {
  if (typeof said !== 'object' || said === null) return false;
  return ('error' in said && 'exitCode' in said) || 'unreachable' in said;
}
