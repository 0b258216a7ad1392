// @ts-check
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureCommand } from './lib/commands.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Problem, runMain, say } from './lib/problem.mjs';

const HELP = `Shows on this machine that a deploy drops nothing: a site of its own, a crowd of clients, one
switch after another, and the receipt. Touches nothing outside a temporary folder.

  npm run demo:deploy                          two switches: to green and back
  npm run demo:deploy -- --switches 20 --json  the last line is one JSON object
  npm run demo:deploy -- --control sigterm     the careless way, for comparison: it must fail

  --switches N     how often (2)       --clients N    keep-alive clients (40)
  --think-ms N     pause between two requests of a client, on average (20)`;

await runMain(async () => {
  const options = readOptions();
  if (options === null) return say(HELP);
  await ensureDependencies();
  await ensureBuilt();
  await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  // It needs the dependencies, which were only just installed.
  const { runCampaign } = await import('./bench/switch/campaign.mjs');
  const { receipt, failures } = await runCampaign(options);
  for (const line of failures) say(`  failed: ${line}`);
  process.stdout.write(`${options.json ? JSON.stringify(receipt) : describe(receipt, options)}\n`);
  return receipt.failed + receipt.duplicated + receipt.executedButFailed > 0 ? 1 : 0;
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      switches: { type: 'string', default: '2' },
      clients: { type: 'string', default: '40' },
      'think-ms': { type: 'string', default: '20' },
      control: { type: 'string', default: 'none' },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  if (!['none', 'sigterm'].includes(values.control)) throw new Problem('--control: none or sigterm', 2);
  return {
    switches: wholeNumber('--switches', values.switches, 1),
    clients: wholeNumber('--clients', values.clients, 1),
    thinkMs: wholeNumber('--think-ms', values['think-ms'], 0),
    careless: values.control === 'sigterm',
    json: values.json,
  };
}

/** @param {string} name @param {string} text @param {number} least */
function wholeNumber(name, text, least) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Problem(`${name}: a whole number from ${least} up, not ${JSON.stringify(text)}`, 2);
}

/**
 * @param {import('./bench/switch/campaign.mjs').CampaignReceipt} receipt
 * @param {{ clients: number, careless: boolean }} options
 */
function describe(
  { switches, requests, failed, duplicated, executedButFailed, worstGapMs },
  { clients, careless },
) {
  return [
    '',
    `Receipt of ${switches} switches under ${clients} clients${careless ? ' (the careless way)' : ''}:`,
    `  requests                  ${requests}`,
    `  failed                    ${failed}`,
    `  executed twice            ${duplicated}`,
    `  executed, seen as failed  ${executedButFailed}`,
    `  worst gap of a client     ${worstGapMs} ms`,
  ].join('\n');
}
