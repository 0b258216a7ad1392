import { linesOf, ok, problem, type Check } from '../core/checks';
import { DeployError } from '../core/errors';
import { checkMachine, checkSite } from '../shell/checks';
import type { Session } from './session';

/**
 * Looks for everything that would keep a deploy from working, all of it at once. Changes nothing.
 *
 * @param open reads the settings: wrong ones are a finding like any other
 * @throws DeployError with all checks, when one is not well
 */
export async function doctor(open: () => Promise<Session>): Promise<readonly Check[]> {
  const checks = [...(await checkMachine()), ...(await checkSettings(open))];
  const problems = checks.filter(({ state }) => state === 'problem').length;
  if (problems === 0) return checks;
  throw new DeployError('needsHuman', {
    what: `${problems} ${problems === 1 ? 'thing keeps' : 'things keep'} a deploy from working:`,
    details: checks.flatMap(linesOf),
    left: 'Nothing was changed.',
    next: 'do what the arrows say, then npm run deploy -- doctor',
  });
}

async function checkSettings(open: () => Promise<Session>): Promise<readonly Check[]> {
  try {
    const { site } = await open();
    return [ok('settings', 'read'), ...(await checkSite(site))];
  } catch (error) {
    if (!(error instanceof DeployError)) throw error;
    const { what, details = [], next = '' } = error.trouble;
    return [problem('settings', [what, ...details].join(' '), next)];
  }
}
