/** One thing that a deploy needs, as it was found. A note keeps nothing from working. */
export type Check = Readonly<
  | { name: string; state: 'ok'; found: string }
  | { name: string; state: 'note' | 'problem'; found: string; advice: string }
>;

export function ok(name: string, found: string): Check {
  return { name, state: 'ok', found };
}

/** @param advice what a person does about it */
export function problem(name: string, found: string, advice: string): Check {
  return { name, state: 'problem', found, advice };
}

export function note(name: string, found: string, advice: string): Check {
  return { name, state: 'note', found, advice };
}

/** One line each, and what to do below those that are not well. */
export function renderChecks(checks: readonly Check[]): string {
  return checks.flatMap(linesOf).join('\n');
}

export function linesOf(check: Check): readonly string[] {
  const line = `${check.state.padEnd(7)}  ${check.name.padEnd(9)}  ${check.found}`;
  return check.state === 'ok' ? [line] : [line, `${' '.repeat(20)}-> ${check.advice}`];
}
