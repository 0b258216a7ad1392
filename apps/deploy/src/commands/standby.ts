import { loadOperator } from '@app/config';
import { userInfo } from 'node:os';
import { describe, type Action } from '../core/action';
import { DeployError } from '../core/errors';
import { liveTarget } from '../core/facts';
import { describeStandby, type Standby } from '../core/standby';
import { gatherFacts } from '../shell/gather';
import { settle } from '../shell/settle';
import { readStandby, standDown, standUp, wishForStandby } from '../shell/standby';
import { alone } from './alone';
import type { Session } from './session';

/**
 * Starts the standby with the release that serves and adds it to the pool, or takes it out and stops it, or tells how it
 * is. Killed half way it is out of the pool, or in it: the same command again makes it whole.
 *
 * @throws DeployError when there is none in the settings, nothing serves, or it does not become healthy
 */
export async function standby(session: Session, wish: string): Promise<Standby> {
  refuseWithoutStandby(session);
  if (wish === 'start') await alone(session, 'standby start', () => start(session));
  else if (wish === 'stop') await alone(session, 'standby stop', () => stop(session));
  else if (wish !== 'status') {
    throw new DeployError('usage', {
      what: `standby takes start, stop, status or listen, not ${JSON.stringify(wish)}.`,
    });
  }
  const found = await readStandby(session.site);
  return found ?? { wanted: false, inPool: false, release: null };
}

export function renderStandby(found: Standby): string {
  return `standby   ${describeStandby(found)}`;
}

async function start(session: Session): Promise<void> {
  const { site } = session;
  await settle(session);
  const { facts } = await gatherFacts(site);
  const live = liveTarget(facts);
  if (live === null) {
    throw new DeployError('usage', {
      what: 'Nothing serves: there is nobody whom a standby could help.',
      left: 'Nothing was changed.',
      next: 'npm run deploy -- status',
    });
  }
  if (site.settings.nginx.manage && !facts.nginx.current) {
    throw new DeployError('usage', {
      what: 'The running nginx has an older configuration, which may know no standby.',
      left: 'Nothing was changed.',
      next: 'deploy once, which renews it',
    });
  }
  await wishForStandby(site, loadOperator() ?? userInfo().username);
  const { release } = live;
  await timed(session, { kind: 'stand-up', release }, () => standUp(site, release));
}

async function stop(session: Session): Promise<void> {
  await settle(session);
  await wishForStandby(session.site, null);
  await timed(session, { kind: 'stand-down' }, () => standDown(session.site));
}

async function timed({ reporter }: Session, action: Action, work: () => Promise<string>): Promise<void> {
  const begin = performance.now();
  const note = await work();
  reporter.step(describe(action), performance.now() - begin, note);
}

export function refuseWithoutStandby({ site }: Session): void {
  if (site.settings.standby !== null) return;
  throw new DeployError('usage', {
    what: 'The settings have no standby.',
    left: 'Nothing was changed.',
    next: 'add `standby: {}` to deploy.yml, and deploy once, which renews the configuration of nginx',
  });
}
