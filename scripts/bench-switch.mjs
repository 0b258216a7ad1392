// @ts-check
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureCommand } from './lib/commands.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { Problem, runMain, say } from './lib/problem.mjs';

const HELP = `Counts what a switch loses: the real deployer and nginx, everybody on the site who can be hurt (people who
read, write, wait, upload, listen to streams, come afresh, come back after a minute, sit on websockets, and a constant
rate), one deploy after another. Nobody ever asks twice.

  npm run bench:switch                                       20 switches of a small service
  npm run bench:switch -- --controls --json                  and the careless ways, which must fail
  npm run bench:switch -- --switches 1000 --controls --pm2 50 --haproxy 50
  npm run bench:switch -- --switches 200 --service api       the real API on a database of its own
  npm run bench:switch -- --switches 1 --sockets 2000        so many websockets through one switch
  npm run bench:switch -- --times --service api              from the command to live, and to a refusal, without load

  --strategy socket|reload  how the traffic is moved (socket)
  --service fixture|api     what is deployed (fixture)
  --switches N              how often (20); from 100 on people pause up to 70 s and requests take up to 10 s
  --controls                also reload with kept connections, SIGTERM right after the switch, exit at SIGTERM
  --control-switches N      how often each of these (5)
  --pm2 N, --haproxy N      also pm2 reload and HAProxy's runtime API, under the same load
  --sockets N               websockets (20; 50 in long campaigns)
  --times                   instead: how long deploys take, with the settings as they come
  --json                    the last line is one JSON object

Exit code 1 when anything failed, or when a control found nothing: then the harness itself is broken; with --times when a
good release was not live within 15 s, or a bad one not refused within 30 s.`;

const STRATEGIES = /** @type {const} */ (['socket', 'reload']);
const SERVICES = /** @type {const} */ (['fixture', 'api']);

await runMain(async () => {
  const options = readOptions();
  if (options === null) return say(HELP);
  await ensureDependencies();
  await ensureBuilt();
  await ensureCommand('nginx', { apt: 'nginx-light', brew: 'nginx' });
  if (options.times) {
    const { measureTimes } = await import('./bench/switch/times.mjs');
    const { lateness } = await import('./bench/switch/report.mjs');
    const times = await measureTimes(options.service);
    const late = lateness(times);
    for (const line of late) say(line);
    process.stdout.write(`${JSON.stringify(times, null, options.json ? undefined : 2)}\n`);
    return late.length > 0 ? 1 : 0;
  }
  // They need the dependencies, which were only just installed.
  const { bench } = await import('./bench/switch/bench.mjs');
  const { describe, problemsOf } = await import('./bench/switch/report.mjs');
  const report = await bench(options);
  const problems = problemsOf(report);
  for (const line of report.failures) say(`  failed: ${line}`);
  for (const line of problems) say(line);
  if (options.json) say(describe(report));
  process.stdout.write(`${options.json ? JSON.stringify(report) : describe(report)}\n`);
  return problems.length > 0 ? 1 : 0;
});

function readOptions() {
  const { values } = parseArgs({
    options: {
      strategy: { type: 'string', default: 'socket' },
      service: { type: 'string', default: 'fixture' },
      switches: { type: 'string', default: '20' },
      controls: { type: 'boolean', default: false },
      'control-switches': { type: 'string', default: '5' },
      pm2: { type: 'string', default: '0' },
      haproxy: { type: 'string', default: '0' },
      sockets: { type: 'string' },
      times: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return null;
  return {
    strategy: oneOf('--strategy', values.strategy, STRATEGIES),
    service: oneOf('--service', values.service, SERVICES),
    switches: wholeNumber('--switches', values.switches, 1),
    controls: values.controls ? wholeNumber('--control-switches', values['control-switches'], 1) : 0,
    pm2: wholeNumber('--pm2', values.pm2, 0),
    haproxy: wholeNumber('--haproxy', values.haproxy, 0),
    sockets: values.sockets === undefined ? undefined : wholeNumber('--sockets', values.sockets, 0),
    times: values.times,
    json: values.json,
  };
}

/**
 * @template {string} T
 * @param {string} name
 * @param {string} text
 * @param {readonly T[]} choices
 */
function oneOf(name, text, choices) {
  const found = choices.find((choice) => choice === text);
  if (found !== undefined) return found;
  throw new Problem(`${name}: ${choices.join(' or ')}, not ${JSON.stringify(text)}`, 2);
}

/** @param {string} name @param {string} text @param {number} least */
function wholeNumber(name, text, least) {
  const value = Number(text);
  if (Number.isInteger(value) && value >= least) return value;
  throw new Problem(`${name}: a whole number from ${least} up, not ${JSON.stringify(text)}`, 2);
}
