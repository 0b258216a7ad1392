import { DeployError } from '../../core/errors';
import { openWindow, releaseOn, rollbackTarget, whyNotOne, type HostLook } from '../../core/fleet';
import type { Host } from '../../core/host-settings';
import type { Receipt } from '../../core/receipt';
import { coordinate, coordinating } from '../../shell/remote/coordinate';
import { allReached, lookAtAll, settleHosts } from '../../shell/remote/look-all';
import { sendRelease, type Known } from '../../shell/remote/send-release';
import { inspect, refuseUnknown, type DeployRequest } from '../../shell/store/inspect';
import type { Session } from '../session';
import { doOnEach, refuseFailures, type Everywhere } from './everywhere';
import { areImages, imageOnAll, refuseNoImage } from './image';

/** Makes a release live on all hosts, or on none. @throws DeployError that says how each host was left */
export async function deployOnHosts(session: Session, request: DeployRequest): Promise<Receipt> {
  const { site, reporter } = session;
  const { id } = request;
  if (areImages(site)) return deployImage(session, request);
  await refuseUnknown(site, request);
  const { release } = await inspect(site, request);
  const words = wordsOf('deploy', request);
  return coordinating(session, `deploy ${id}`, async () => {
    await sendRelease(site, reporter, release, await lookWhenSettled(session, id));
    const wish = { intent: 'deploy', words, release: id, digest: release.fingerprint } as const;
    return coordinate(session, wish);
  });
}

function deployImage(session: Session, request: DeployRequest): Promise<Receipt> {
  const { id } = request;
  refuseNoImage(session.site, request);
  return coordinating(session, `deploy ${id}`, async () => {
    const digest = imageOnAll(session.site, id, await lookWhenSettled(session, id));
    return coordinate(session, { intent: 'deploy', words: wordsOf('deploy', request), release: id, digest });
  });
}

/** For a host, which has the release by then: where it came from is of this machine. */
export function wordsOf(command: 'deploy' | 'plan', { id, digest, older }: DeployRequest): readonly string[] {
  return [
    ...[command, id],
    ...(digest === undefined ? [] : ['--digest', digest]),
    ...(older ? ['--older'] : []),
  ];
}

/**
 * Takes all hosts back to one release, the one before.
 *
 * @param to unset: whichever it is; else nothing is done where it is live, and another one is refused
 * @throws DeployError where there is none that fits all
 */
export async function rollbackOnHosts(session: Session, to?: string): Promise<Receipt> {
  return coordinating(session, 'rollback', async () => {
    const known = await lookWhenSettled(session, null);
    const target = rollbackTarget(
      known.map(({ look }) => look),
      to,
    );
    if (target === null) throw noCommonRelease(known, to);
    return coordinate(session, { intent: 'rollback', words: ['rollback', '--to', target], release: target });
  });
}

/** Moves the traffic of all hosts to their other colour, where that is the same release everywhere. */
export async function switchOnHosts(session: Session): Promise<Receipt> {
  return coordinating(session, 'switch', async () => {
    const known = await lookWhenSettled(session, null);
    const others = known.map(({ look }) => idleRelease(look));
    const [release] = others;
    const isCommon = release !== null && others.every((one) => one === release);
    if (!release || !isCommon) throw nothingInCommon(known, others);
    return coordinate(session, { intent: 'switch', words: ['switch'], release });
  });
}

/**
 * All hosts share a database: what one takes away there is gone for all. None of them may still need it, and each refuses
 * older releases before the first statement.
 */
export async function contractOnHosts(
  session: Session,
  words: readonly string[],
  closeWindow: boolean,
): Promise<Everywhere['hosts']> {
  return coordinating(session, 'contract', async () => {
    refuseContract(await lookWhenSettled(session, null), closeWindow);
    const [first, ...others] = session.site.settings.hosts;
    const prepared = await doOnEach(session, others, words, false);
    refuseFailures(prepared);
    const done = await doOnEach(session, first ? [first] : [], words);
    refuseFailures(done);
    return { ...done.hosts, ...prepared.hosts };
  });
}

function refuseContract(known: readonly Known[], closeWindow: boolean): void {
  const problem = whyNotOne(known);
  if (problem !== null) {
    throw new DeployError('usage', {
      what: `Not all hosts are done with older releases: ${problem}.`,
      left: 'Nothing was changed.',
      next: 'npm run deploy -- deploy <release> brings all hosts in line; drain --host <name> stops a colour, standby stop --host <name> a standby',
    });
  }
  const open = closeWindow ? null : openWindow(known);
  if (open === null) return;
  throw new DeployError('usage', {
    what: `The way back of ${open.host} is open until ${open.closesAt}; contract migrations end it.`,
    left: 'Nothing was changed.',
    next: 'wait, or give it up now: npm run deploy -- contract --close-window',
  });
}

/** What an earlier run has left waiting on hosts ends, as it had been decided. One that is silent keeps no other from it. */
export function endJobsOnHosts(session: Session, hosts: readonly Host[]): Promise<void> {
  const { site, reporter } = session;
  return coordinating(session, 'settle', async () =>
    settleHosts(site, reporter, await lookAtAll(site, hosts, null)),
  );
}

/** What an earlier run has left is brought to its end first. */
async function lookWhenSettled(
  { site, reporter }: Session,
  release: string | null,
): Promise<readonly Known[]> {
  const first = allReached(await lookAtAll(site, site.settings.hosts, release));
  if (first.every(({ look }) => look.job === null)) return first;
  await settleHosts(site, reporter, first);
  return allReached(await lookAtAll(site, site.settings.hosts, release));
}

function idleRelease({ status }: HostLook): string | null {
  const { colours } = status.facts;
  const releases = Object.values(colours).map(({ process }) => process?.release ?? null);
  return (
    releases.find((one) => one !== null && one !== releaseOn({ status, release: null, job: null })) ?? null
  );
}

function noCommonRelease(known: readonly Known[], to?: string): DeployError {
  const details = known.map(({ host, look }) => {
    const previous = look.status.facts.state?.previous?.release ?? 'nothing';
    return `${host}: serves ${releaseOn(look) ?? 'nothing'}, before that ${previous}`;
  });
  return new DeployError('usage', {
    what:
      to === undefined
        ? 'There is no release that all hosts could go back to:'
        : `Not all hosts could go back to ${to}:`,
    details,
    left: 'Nothing was changed.',
    next: 'npm run deploy -- deploy <release> brings all hosts in line',
  });
}

function nothingInCommon(known: readonly Known[], others: readonly (string | null)[]): DeployError {
  return new DeployError('usage', {
    what: 'The other colours of the hosts do not run one release:',
    details: known.map(({ host }, index) => `${host}: ${others[index] ?? 'nothing runs there'}`),
    left: 'Nothing was changed.',
    next: 'npm run deploy -- deploy <release> brings all hosts in line',
  });
}
