// @ts-check
import { mkdirSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../lib/paths.mjs';
import { CASES } from './cases.mjs';
import { enrol } from './people.mjs';
import { align } from './table.mjs';
import { loadOf } from './wrk.mjs';

const SHOWN = 30;

/**
 * @typedef {{ functionName: string, url: string, lineNumber: number }} Frame
 * @typedef {{ id: number, callFrame: Frame, children?: number[] }} ProfileNode
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
  const stackOf = stacksOf(nodes);
  const busy = samples
    .map((id, n) => ({ stack: stackOf.get(id) ?? [], us: timeDeltas[n] ?? 0 }))
    .filter(({ stack }) => stack[0] !== undefined && stack[0].functionName !== '(idle)');
  const totalUs = busy.reduce((sum, { us }) => sum + us, 0);
  /** @param {string} title @param {(stack: readonly Frame[]) => Iterable<string>} keysOf */
  const section = (title, keysOf) => {
    /** @type {Map<string, number>} */
    const sums = new Map();
    for (const { stack, us } of busy)
      for (const key of keysOf(stack)) sums.set(key, (sums.get(key) ?? 0) + us);
    const top = [...sums].sort(([, a], [, b]) => b - a).slice(0, SHOWN);
    return align([[title, '%'], ...top.map(([name, us]) => [name, ((us / totalUs) * 100).toFixed(1)])]);
  };
  return [
    section('busy time inside a package', ([top]) => (top ? [packageOf(top)] : [])),
    section('busy time inside a function', ([top]) => (top ? [functionOf(top)] : [])),
    section('busy time inside a function and what it calls', (stack) => new Set(stack.map(functionOf))),
  ].join('\n\n');
}

/** @param {readonly ProfileNode[]} nodes @returns {Map<number, readonly Frame[]>} by node: the innermost frame first */
function stacksOf(nodes) {
  const parents = new Map(nodes.flatMap((node) => (node.children ?? []).map((child) => [child, node])));
  /** @param {ProfileNode} node @returns {Frame[]} */
  const stackOf = (node) => {
    const parent = parents.get(node.id);
    return parent === undefined ? [node.callFrame] : [node.callFrame, ...stackOf(parent)];
  };
  return new Map(nodes.map((node) => [node.id, stackOf(node)]));
}

/** @param {Frame} frame */
function packageOf({ url, functionName }) {
  const installed = url.split('node_modules/').at(-1)?.split('/') ?? [];
  if (url.includes('node_modules/'))
    return installed.slice(0, installed[0]?.startsWith('@') ? 2 : 1).join('/');
  if (url.includes(ROOT)) return url.slice(url.indexOf(ROOT) + ROOT.length + 1).replace(/\/src\/.*/, '');
  return url === '' ? functionName || '(native)' : (url.split('/')[0] ?? url);
}

/** @param {Frame} frame */
function functionOf(frame) {
  const place = frame.url.split(/node_modules\/|\/dist\//).at(-1);
  return `${frame.functionName || '(anonymous)'}  ${place === '' ? '' : `${place}:${frame.lineNumber + 1}`}`;
}
