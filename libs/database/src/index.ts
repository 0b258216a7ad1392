export * from './database.module';
export * from './database-errors';
export * from './database-health';
export * from './data-source';
export * from './migrate';
export * from './statements';
export * from './transactor';
