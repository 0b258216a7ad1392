import { Clock } from '@app/kernel';
import type { TestApi } from './api';

/** The service's clock, held. Let it go by `jest.restoreAllMocks()`. */
export interface HeldClock {
  readonly nowMs: number;
  /** @param seconds may have a fraction */
  pass(seconds: number): void;
}

/** Holds the service's time still, until it is told to pass. */
export function holdClock({ app }: Pick<TestApi, 'app'>): HeldClock {
  let nowMs = Date.now();
  jest.spyOn(app.get(Clock), 'now').mockImplementation(() => new Date(nowMs));
  return {
    get nowMs() {
      return nowMs;
    },
    pass: (seconds) => void (nowMs += Math.round(seconds * 1_000)),
  };
}
