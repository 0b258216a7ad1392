import type { Action } from './action';
import type { Facts } from './facts';

/**
 * One more process, or host, that is normally off and helps the live colour out. `wanted`: somebody has started it and
 * nobody has stopped it since.
 */
export type Standby = Readonly<{
  wanted: boolean;
  /** whether it gets requests */
  inPool: boolean;
  /** what runs there; null: nothing that is known */
  release: string | null;
}>;

/** Before another release gets the traffic: for a while the live colour answers alone. */
export function standDown({ standby }: Facts): readonly Action[] {
  return standby && (standby.inPool || standby.release !== null) ? [{ kind: 'stand-down' }] : [];
}

/** When it is settled which release serves: a standby that is wanted runs that one. */
export function standUp({ standby }: Facts, release: string | null): readonly Action[] {
  return standby?.wanted && release !== null ? [{ kind: 'stand-up', release }] : [];
}

/** One line of `status`, and the answer of `standby status`. */
export function describeStandby({ wanted, inPool, release }: Standby): string {
  const what = release === null ? 'off' : release;
  const where = inPool ? 'in the pool' : 'not in the pool';
  const next = wanted && !inPool ? '; wanted: npm run deploy -- standby start brings it up' : '';
  return release === null && !inPool ? `${what}${next}` : `${what}, ${where}${next}`;
}
