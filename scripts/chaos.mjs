// @ts-check
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureCommand } from './lib/commands.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runMain, say } from './lib/problem.mjs';

const HELP = `Lets everything die at every point of a deploy, while people use the site: the deployer (SIGKILL, SIGINT,
SIGTERM, all three by a pipeline, stopped and killed, stopped and continued), the idle and the live colour, nginx. At a few points
the colours and nginx get a SIGTERM, and the colours a SIGSTOP, instead of a SIGKILL. After each case the next deploy must work
without anybody's help, and state, nginx and status must name the one colour that answers.

  npm run chaos                                    every point with everything (about half an hour)
  npm run chaos -- --short --json                  one signal for each step, and each of the others once
  npm run chaos -- --cases after:switch,:live      the cases whose names have one of these in them

  --cases A,B   parts of names; a name is like before:verify:SIGTERM
  --short       a small choice
  --json        the last line is one JSON object

Cases in which the deployer or the idle colour dies must lose no request; those of nginx and of the live colour are
listed as outages, with their length. Exit code 1 when a request was lost that must not be, or a case did not recover.`;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      cases: { type: 'string', default: '' },
      short: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return say(HELP);
  await ensureDependencies();
  await ensureBuilt();
  await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  // It needs the dependencies, which were only just installed.
  const { chaos } = await import('./bench/chaos/chaos.mjs');
  const report = await chaos({ words: values.cases.split(',').filter(Boolean), short: values.short });
  process.stdout.write(`${values.json ? JSON.stringify(report) : describe(report)}\n`);
  return report.recovered < report.cases || report.failedRequests > 0 ? 1 : 0;
});

/** @param {{ cases: number, recovered: number, failedRequests: number, worstRecoveryMs: number, outages: { case: string, failed: number, ms: number }[] }} report */
function describe({ cases, recovered, failedRequests, worstRecoveryMs, outages }) {
  return [
    '',
    `${recovered} of ${cases} cases recovered; settled at most ${worstRecoveryMs} ms after the next command began`,
    `  failed where nothing may be lost  ${failedRequests}`,
    ...outages.map((one) => `  outage  ${one.case}: ${one.failed} failed, nobody served for ${one.ms} ms`),
  ].join('\n');
}
