/** Under this the settings of the process are injected. */
export const CONFIG = Symbol('Config');
