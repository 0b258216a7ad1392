/** Where the present comes from. Everything that needs an instant asks this, so that tests can hold time still. */
export abstract class Clock {
  /** The present instant, to the millisecond. */
  abstract now(): Date;
}
