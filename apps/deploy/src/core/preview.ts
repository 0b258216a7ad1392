import { DeployError } from './errors';
import type { Colour } from './colour';

/** The largest share of people, in percent: a preview that most people meet is a release. */
export const MAX_PREVIEW_PERCENT = 50;

/** Who meets the release that waits on the idle colour: whoever shows a token, and a share of all others. */
export type Preview = Readonly<{ colour: Colour; percent: number }>;

/** The parts, of one percent each, that people are divided into; each knows by a file whether it takes part. */
export function bucketsOf(percent: number): readonly string[] {
  return Array.from({ length: percent }, (_, index) => String(index).padStart(2, '0'));
}

/** @throws DeployError for what a person typed and is no share */
export function readPercent(text: string): number {
  const percent = /^\d{1,2}$/.test(text) ? Number(text) : Number.NaN;
  if (percent <= MAX_PREVIEW_PERCENT) return percent;
  throw new DeployError('usage', {
    what: `--percent is a whole number from 0 to ${MAX_PREVIEW_PERCENT}, not ${JSON.stringify(text)}.`,
    left: 'Nothing was changed.',
  });
}
