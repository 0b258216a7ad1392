// @ts-check
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { ensureCommand } from '../lib/commands.mjs';
import { Problem } from '../lib/problem.mjs';

/** @typedef {{ rps: number, p99Ms: number }} Speed */

/**
 * Sends its calls in turn, made once before the load begins, and ends with one line of JSON.
 *
 * @param {readonly import('./cases.mjs').Call[]} calls
 */
function luaScript(calls) {
  const made = calls.map(({ method, path, headers, body }) => {
    const fields = Object.entries(headers).map(([name, value]) => `[${text(name)}]=${text(value)}`);
    return `wrk.format(${text(method)}, ${text(path)}, {${fields}}, ${body === undefined ? 'nil' : text(body)})`;
  });
  return `
local calls, turn = {}, 0
function init() calls = {\n${made.join(',\n')}\n} end
function request()
  turn = turn % #calls + 1
  return calls[turn]
end
function done(summary, latency)
  local e = summary.errors
  print(string.format('\\n{"requests":%d,"us":%d,"p99Us":%d,"errors":%d,"badStatus":%d}', summary.requests,
    summary.duration, latency:percentile(99), e.connect + e.read + e.write + e.timeout, e.status))
end
`;
}

/** Lua reads the escapes of JSON that occur here. @param {string} value */
const text = (value) => JSON.stringify(value);

/**
 * Gets the load generator ready for one list of calls.
 *
 * @param {string} scriptFile where its script may be written
 * @param {readonly import('./cases.mjs').Call[]} calls
 * @returns {Promise<(origin: string, seconds: number, connections: number, signal?: AbortSignal) => Promise<Speed>>}
 */
export async function loadOf(scriptFile, calls) {
  const wrk = await ensureCommand('wrk', { apt: 'wrk', brew: 'wrk' });
  writeFileSync(scriptFile, luaScript(calls));
  return async (origin, seconds, connections, signal) => {
    const args = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', scriptFile, origin];
    return speedOf(await output(wrk, args, signal));
  };
}

/**
 * @param {string} report what wrk printed; our script's line is the last
 * @returns {Speed}
 * @throws {Problem} when anything went wrong with any request
 */
export function speedOf(report) {
  const line = report.trimEnd().split('\n').at(-1) ?? '';
  const { requests, us, p99Us, errors, badStatus } = JSON.parse(line);
  if (errors + badStatus > 0 || requests === 0) {
    throw new Problem(`${badStatus} of ${requests} answers were not 2xx, ${errors} requests had no answer.`);
  }
  return { rps: requests / (us / 1e6), p99Ms: p99Us / 1000 };
}

/**
 * @param {string} command
 * @param {readonly string[]} args
 * @param {AbortSignal} [signal]
 * @returns {Promise<string>}
 */
function output(command, args, signal) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'inherit'], signal });
    let report = '';
    child.stdout.on('data', (chunk) => (report += chunk));
    child.once('error', reject);
    child.once('close', (code) =>
      code === 0 ? resolve(report) : reject(new Problem(`wrk ended with code ${code}:\n${report}`)),
    );
  });
}
