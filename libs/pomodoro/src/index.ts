export * from './step-machine';
export * from './step-time';
