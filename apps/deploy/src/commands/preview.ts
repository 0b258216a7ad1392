import { nameOf, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import { servingOn, type Facts } from '../core/facts';
import { extrasOf } from '../core/hooks';
import { drainAndStop, planPreview } from '../core/plan';
import { readPercent } from '../core/preview';
import { endPreview } from '../core/preview-plan';
import { execute } from '../shell/execute';
import { gatherFacts } from '../shell/gather';
import { measured } from '../shell/migrate';
import { makePreviewToken, type PreviewToken } from '../shell/preview';
import { settle } from '../shell/settle';
import { siteUrl } from '../shell/site';
import { refuseUnknown } from '../shell/store/inspect';
import { preflight } from '../shell/store/preflight';
import { alone } from './alone';
import { doNow } from './do-now';
import type { Session } from './session';

/** `percent` is as it was typed. */
export type PreviewWish = Readonly<{ percent?: string; end?: boolean }>;

/** What waits on the idle colour, and how it is seen; null: nothing is shown any more. */
export type Shown =
  (PreviewToken & Readonly<{ to: Target; percent: number; header: string; address: string }>) | null;

/**
 * Shows a release to a few before the switch; without a release, changes or tells how the one that waits is seen.
 *
 * @throws DeployError when the settings know no preview, nothing waits, or the release is not healthy
 */
export async function preview(
  session: Session,
  id: string | undefined,
  { percent: typed, end = false }: PreviewWish,
): Promise<Shown> {
  refuseWithoutPreview(session);
  const percent = typed === undefined ? null : readPercent(typed);
  if (id !== undefined && !end) await begin(session, id, percent ?? 0);
  else if (end) return finish(session);
  else if (percent !== null) await share(session, percent);
  return howItIsSeen(session);
}

export function renderShown(shown: Shown): string {
  if (!shown) return '';
  const { to, percent, address, header, token, expiresAt } = shown;
  return [
    `${nameOf(to)} is shown to whoever has a token${percent > 0 ? `, and to ${percent} % of people` : ''}.`,
    `  in a browser   ${address}   (once; /preview/end ends it)`,
    `  in a request   ${header}: ${token}`,
    `  until          ${expiresAt}`,
    'Next:  npm run deploy -- switch makes it live; preview --end stops it',
  ].join('\n');
}

async function begin(session: Session, id: string, percent: number): Promise<void> {
  const { site, reporter } = session;
  await refuseUnknown(site, { id });
  await alone(session, `preview ${id}`, async () => {
    await settle(session);
    const { facts, notes } = await gatherFacts(site);
    notes.forEach(reporter.say);
    const fit = await preflight(site, facts, { id, older: true });
    const release = await measured(site, facts, fit);
    await execute(session, planPreview(facts, release, percent, extrasOf(site.settings)));
  });
}

/** Killed half way this leaves a preview, or an idle colour that runs: nothing that a journal would have to know. */
async function finish(session: Session): Promise<null> {
  return alone(session, 'preview --end', async () => {
    await settle(session);
    const { facts } = await gatherFacts(session.site);
    const to = previewed(facts);
    await doNow(session, [...endPreview(facts), ...drainAndStop(to)]);
    return null;
  });
}

async function share(session: Session, percent: number): Promise<void> {
  await alone(session, 'preview --percent', async () => {
    await settle(session);
    const to = previewed((await gatherFacts(session.site)).facts);
    await doNow(session, [{ kind: 'preview', to, percent }]);
  });
}

async function howItIsSeen({ site }: Session): Promise<Shown> {
  const { facts } = await gatherFacts(site);
  const to = previewed(facts);
  const token = await makePreviewToken(site);
  const { header = '' } = site.settings.nginx.preview ?? {};
  const address = `${siteUrl(site)}/preview/${token.token}`;
  return { to, percent: facts.preview?.percent ?? 0, header, address, ...token };
}

function previewed(facts: Facts): Target {
  const to = facts.preview && servingOn(facts, facts.preview.colour);
  if (to) return to;
  throw new DeployError('usage', {
    what: 'No release is previewed.',
    left: 'Nothing was changed.',
    next: 'npm run deploy -- preview <release>',
  });
}

function refuseWithoutPreview({ site }: Session): void {
  if (site.settings.nginx.preview !== null) return;
  throw new DeployError('usage', {
    what: 'The settings know no preview.',
    left: 'Nothing was changed.',
    next: 'add `preview: {}` to the nginx section of deploy.yml (and deploy once, which renews the configuration)',
  });
}
