// @ts-check
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureCommand } from './lib/commands.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Problem, runMain, say } from './lib/problem.mjs';

const HELP = `Measures how far apart three hosts switch: the real deployer over real sshds of this machine, with people on all
three sites who never ask twice.

  npm run bench:hosts -- --switches 20 --json

  --switches N  how often (20)
  --json        the last line is one JSON object

Exit code 1 when a request failed.`;

await runMain(async () => {
  const { values } = parseArgs({
    options: {
      switches: { type: 'string', default: '20' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help) return say(HELP);
  if (!/^[1-9]\d{0,3}$/.test(values.switches)) throw new Problem('--switches must be a whole number.');
  await ensureDependencies();
  await ensureBuilt({ apps: ['deploy'] });
  await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  // They need the dependencies, which were only just installed.
  const { benchHosts } = await import('./bench/hosts/bench.mjs');
  const report = await benchHosts({ switches: Number(values.switches) });
  const { skewMs, deployMs, requests, failed } = report;
  const text = [
    `${report.switches} switches of ${report.hosts} hosts:`,
    `  skew median ${skewMs.median}, p95 ${skewMs.p95}, max ${skewMs.max} ms`,
    `  a deploy: median ${deployMs.median}, max ${deployMs.max} ms`,
    `  requests ${requests}, failed ${failed}`,
  ].join('\n');
  if (values.json) say(text);
  process.stdout.write(`${values.json ? JSON.stringify(report) : text}\n`);
  return failed > 0 ? 1 : 0;
});
