import { loadOperator } from '@app/config';
import { rm } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { nameOf, type Target } from '../core/colour';
import { DeployError } from '../core/errors';
import type { Hook, StepHook } from '../core/hooks';
import type { Receipt } from '../core/receipt';
import { variablesOf } from './endpoints';
import { lastLines } from './files';
import { giveBack, SHOWN_LINES } from './give-back';
import { runShellCommand } from './shell-command';
import { siteUrl, type Site } from './site';

type Change = Readonly<{ from: Target | null; to: Target }>;
type Moment<H extends Hook> = Change & Readonly<{ kind: H }>;

/**
 * Runs the hook of a moment of the plan.
 *
 * @returns a note, where its failure is no more than that
 * @throws DeployError where its failure ends the run; after the switch the traffic is back on the old release by then
 */
export async function runHook(site: Site, moment: Moment<StepHook>): Promise<string | void> {
  const { kind, from, to } = moment;
  const problem = await runCommandOf(site, moment, {});
  if (problem === null) return;
  const what = `The ${kind} hook failed: ${problem}.`;
  const log = logOf(site, kind, to);
  if (kind === 'post-deploy') return `${what} Read ${log}`;
  if (kind === 'post-switch') throw await giveBack(site, { to, from }, { what, log });
  throw new DeployError('unhealthy', {
    what,
    details: await lastLines(log, SHOWN_LINES),
    next: `read ${log}`,
  });
}

/** Runs the hook for a run that failed, when all that could be undone has been. @returns what went wrong with it */
export async function runFailureHook(
  site: Site,
  change: Change,
  ending: Pick<Receipt, 'outcome' | 'live' | 'error'>,
): Promise<string | null> {
  if (site.settings.hooks['on-failure'] === null) return null;
  const problem = await runCommandOf(site, { kind: 'on-failure', ...change }, ending);
  return problem === null ? null : `the on-failure hook failed: ${problem}`;
}

/** Runs the smoke commands of the settings, one after another. @throws DeployError at the first that fails */
export async function runSmoke(site: Site, { to }: Readonly<{ to: Target }>): Promise<string> {
  const { commands, timeoutMs } = site.settings.smoke;
  const { projectDir: cwd, logDir } = site.layout;
  const logPath = `${logDir}/smoke-${to.release}.log`;
  await rm(logPath, { force: true });
  for (const text of commands) {
    const problem = await runShellCommand({
      text,
      cwd,
      variables: variablesOf(site, to),
      logPath,
      timeoutMs,
    });
    if (problem === null) continue;
    throw new DeployError('unhealthy', {
      what: `${nameOf(to)} does not pass \`${text}\`: ${problem}.`,
      details: await lastLines(logPath, SHOWN_LINES),
      next: `read ${logPath}`,
    });
  }
  return `${commands.length} passed`;
}

async function runCommandOf(
  site: Site,
  { kind, from, to }: Moment<Hook>,
  more: object,
): Promise<string | null> {
  const { hooks } = site.settings;
  const text = hooks[kind];
  if (text === null) return null;
  const logPath = logOf(site, kind, to);
  await rm(logPath, { force: true });
  const asked = loadOperator() ?? undefined;
  const facts = {
    hook: kind,
    from,
    to,
    url: siteUrl(site),
    by: userInfo().username,
    askedBy: asked,
    ...more,
  };
  return runShellCommand({
    text,
    cwd: site.layout.projectDir,
    variables: variablesOf(site, to),
    input: `${JSON.stringify(facts)}\n`,
    logPath,
    timeoutMs: hooks.timeoutMs,
  });
}

function logOf({ layout }: Site, hook: Hook, { release }: Target): string {
  return `${layout.logDir}/${hook}-${release}.log`;
}
