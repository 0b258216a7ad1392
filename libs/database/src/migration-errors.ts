/** Thrown before anything was run: these migrations have no place here and now. */
export class MigrationsRefused extends Error {
  constructor(what: string) {
    super(`${what}\nNothing was changed.`);
    this.name = 'MigrationsRefused';
  }
}

/** Thrown when others were in the way for longer than people can be kept waiting. Trying again later may work. */
export class MigrationsWaited extends Error {
  constructor(what: string) {
    super(what);
    this.name = 'MigrationsWaited';
  }
}

/** Thrown when a migration came to an end too soon. What it had done stays: running it again goes on from there. */
export class MigrationFailed extends Error {
  constructor(name: string, cause: unknown) {
    super(
      `${name} failed: ${cause instanceof Error ? cause.message : String(cause)}\n` +
        'What it had changed by then stays, and no release needs it: run the same command again to go on from there.',
      { cause },
    );
    this.name = 'MigrationFailed';
  }
}
