export * from './config';
export * from './deploy-command';
export * from './env-schema';
export * from './oauth-settings';
export * from './operator';
export * from './required-variables';
export * from './settings-table';
export * from './terminal';
