// @ts-check
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/paths.mjs';
import { CASES } from './cases.mjs';
import { enrol } from './people.mjs';
import { align } from './table.mjs';
import { loadOf } from './wrk.mjs';

const SHOWN = 25;

/**
 * @typedef {{ callFrame: { functionName: string, url: string, lineNumber: number }, id: number }} ProfileNode
 * @typedef {{ nodes: ProfileNode[], samples: number[], timeDeltas: number[] }} CpuProfile
 */

/**
 * Runs the API under V8's sampling profiler while it is polled.
 *
 * @param {import('./lab.mjs').Lab} lab
 * @param {import('./options.mjs').Options} options
 * @param {AbortSignal} signal
 * @returns {Promise<string>} self time by package and by function
 */
export async function profile(lab, { seconds, connections }, signal) {
  const folder = join(lab.dir, 'profile');
  mkdirSync(folder);
  const api = await lab.startApi({ nodeFlags: ['--cpu-prof', `--cpu-prof-dir=${folder}`] });
  const people = await enrol(api.origin, 200);
  const [polls] = CASES;
  const load = await loadOf(join(lab.dir, 'load.lua'), polls ? people.flatMap(polls.callsOf) : []);
  const speed = await load(api.origin, Math.max(seconds, 10), connections, signal);
  await api.stop();
  const [file = ''] = readdirSync(folder);
  const parsed = /** @type {CpuProfile} */ (JSON.parse(readFileSync(join(folder, file), 'utf8')));
  return `${Math.round(speed.rps)} polls/s while profiled\n\n${reportOf(parsed)}`;
}

/** @param {CpuProfile} parsed */
function reportOf({ nodes, samples, timeDeltas }) {
  const nodeOf = new Map(nodes.map((node) => [node.id, node]));
  const busy = samples
    .map((id, n) => ({ frame: nodeOf.get(id)?.callFrame, us: timeDeltas[n] ?? 0 }))
    .filter(({ frame }) => frame !== undefined && frame.functionName !== '(idle)');
  const totalUs = busy.reduce((sum, { us }) => sum + us, 0);
  const section = (
    /** @type {string} */ title,
    /** @type {(frame: ProfileNode['callFrame']) => string} */ key,
  ) => {
    const sums = new Map();
    for (const { frame, us } of busy) {
      const name = frame ? key(frame) : '';
      sums.set(name, (sums.get(name) ?? 0) + us);
    }
    const top = [...sums].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
    return align([
      [title, '% of busy time'],
      ...top.map(([name, us]) => [name, ((us / totalUs) * 100).toFixed(1)]),
    ]);
  };
  return [section('package', packageOf), section('function', functionOf)].join('\n\n');
}

/** @param {ProfileNode['callFrame']} frame */
function packageOf({ url, functionName }) {
  const installed = url.split('node_modules/').at(-1)?.split('/') ?? [];
  if (url.includes('node_modules/'))
    return installed.slice(0, installed[0]?.startsWith('@') ? 2 : 1).join('/');
  if (url.includes(ROOT)) return url.slice(url.indexOf(ROOT) + ROOT.length + 1).replace(/\/src\/.*/, '');
  return url === '' ? functionName || '(native)' : (url.split('/')[0] ?? url);
}

/** @param {ProfileNode['callFrame']} frame */
function functionOf(frame) {
  const place = frame.url.split(/node_modules\/|\/dist\//).at(-1);
  return `${frame.functionName || '(anonymous)'}  ${place === '' ? '' : `${place}:${frame.lineNumber + 1}`}`;
}
