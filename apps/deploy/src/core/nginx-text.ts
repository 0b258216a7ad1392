/** The few words that nginx.conf is made of. */
export type Lines = readonly string[];

export type NginxVersion = readonly [major: number, minor: number, patch: number];

/** Blanks in a path would end an argument; a dollar sign would start a variable. The settings refuse the rest. */
export function quote(text: string): string {
  return `"${text}"`;
}

export function block(head: string, body: Lines): Lines {
  return [`${head} {`, ...indent(body), '}'];
}

function indent(lines: Lines): Lines {
  return lines.map((line) => (line === '' ? line : `    ${line}`));
}

export function isAtLeast(version: NginxVersion, other: NginxVersion): boolean {
  const differing = version.findIndex((part, index) => part !== other[index]);
  return differing === -1 || (version[differing] ?? 0) > (other[differing] ?? 0);
}
