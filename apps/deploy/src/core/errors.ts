/** 0 done, 1 our bug, 2 usage, 3 locked, 4 the new release is unhealthy and the old one serves, 5 needs a human. */
export const EXIT = {
  done: 0,
  bug: 1,
  usage: 2,
  locked: 3,
  unhealthy: 4,
  needsHuman: 5,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** @returns the kind of failure that an exit code stands for */
export function kindOf(code: ExitCode): Exclude<keyof typeof EXIT, 'done'> {
  const kinds = ['usage', 'locked', 'unhealthy', 'needsHuman'] as const;
  return kinds.find((kind) => EXIT[kind] === code) ?? 'bug';
}

/** What a person is told when something went wrong. */
export type Trouble = Readonly<{
  /** what happened, to which release on which colour */
  what: string;
  /** the state that everything was left in */
  left?: string;
  /** the command, or the act, that comes next */
  next?: string;
  /** lines of a log or of a tool, as they were */
  details?: readonly string[];
  /** of several hosts: how each was left, for programs */
  hosts?: unknown;
}>;

/** An expected failure: it says what, what state it was left in, and what to do next. */
export class DeployError extends Error {
  constructor(
    readonly kind: Exclude<keyof typeof EXIT, 'done'>,
    readonly trouble: Trouble,
  ) {
    super(trouble.what);
    this.name = 'DeployError';
  }

  get exitCode(): ExitCode {
    return EXIT[this.kind];
  }

  /** The same failure, told with what became known since. */
  with(more: Partial<Trouble>, kind = this.kind): DeployError {
    return new DeployError(kind, { ...this.trouble, ...more });
  }
}
