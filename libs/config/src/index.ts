export * from './config';
export * from './env-schema';
export * from './settings-table';
