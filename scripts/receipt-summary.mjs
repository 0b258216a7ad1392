// @ts-check
import { readFileSync } from 'node:fs';

const HELP = `Turns what \`npm run --silent deploy -- … --json\` has printed into Markdown, for the summary of a pipeline's job.

  node scripts/receipt-summary.mjs receipt.json >> "$GITHUB_STEP_SUMMARY"

Exit codes: 0 it ended well and no request failed; 1 requests failed, it did not end well, or there is no receipt (a
command that was cancelled prints none); 2 wrong usage.`;

const WELL = ['done', 'nothing-to-do'];

/**
 * What is read of a receipt: that of one host, that of several, or a host's part of the latter.
 *
 * @typedef {{ requests: number, failed: number, worstGapMs: number }} Probe
 * @typedef {{ colour: string, release: string }} Target
 * @typedef {{ step: string, ms: number, note?: string, migrations?: readonly string[] }} Step
 * @typedef {{ outcome: string, live: Target | null, probe?: Probe, error?: string }} Part
 * @typedef {Part & { host: string, durationMs: number | null }} HostPart
 * @typedef {Part & { intent: string, from: Target | null, to: Target | null, release?: string, digest?: string, by: string,
 *   askedBy?: string, durationMs: number, steps: readonly Step[], notes: readonly string[], hosts?: readonly HostPart[],
 *   skewMs?: number | null }} Receipt
 * @typedef {{ what: string, details?: readonly string[], left?: string, next?: string }} Trouble
 * @typedef {{ ok: true, result: Receipt } | { ok: false, exitCode: number, error: Trouble }} Printed
 */

const [file, ...rest] = process.argv.slice(2);
if (file === undefined || rest.length > 0 || file.startsWith('-')) {
  console.error(HELP);
  process.exitCode = file === '--help' ? 0 : 2;
} else {
  const { text, problems } = summarize(read(file));
  process.stdout.write(`${text}\n`);
  for (const problem of problems) console.error(problem);
  process.exitCode = problems.length > 0 ? 1 : 0;
}

/**
 * @param {string} path
 * @returns {Printed | null} null where there is none, or half of one
 */
function read(path) {
  try {
    const lines = readFileSync(path, 'utf8').trim().split('\n');
    const printed = JSON.parse(lines.at(-1) ?? '');
    return typeof printed?.ok === 'boolean' && (printed.result ?? printed.error) ? printed : null;
  } catch {
    return null;
  }
}

/**
 * @param {Printed | null} printed
 * @returns {{ text: string, problems: readonly string[] }} Markdown, and what is wrong
 */
function summarize(printed) {
  if (printed === null) {
    const what = 'There is no receipt: the command was cancelled, or died.';
    return { text: `### Deploy: no receipt\n\n${what}`, problems: [what] };
  }
  if (!printed.ok) return { text: refused(printed), problems: [printed.error.what] };
  return { text: receiptText(printed.result), problems: problemsOf(printed.result) };
}

/** @param {Printed & { ok: false }} printed */
function refused({ exitCode, error }) {
  const { what, details = [], left, next } = error;
  return [
    `### Deploy: failed (exit code ${exitCode})`,
    plain(what),
    ...(details.length > 0 ? [fenced(details)] : []),
    ...(left === undefined ? [] : [`State: ${plain(left)}`]),
    ...(next === undefined ? [] : [`Next: ${plain(next)}`]),
  ].join('\n\n');
}

/** @param {Receipt} receipt */
function receiptText(receipt) {
  const { intent, outcome, hosts, steps, notes } = receipt;
  const title = `### ${intent} ${name(receipt)}: ${outcome}`.replaceAll('  ', ' ');
  const tables = [
    table(['', ''], facts(receipt)),
    ...(hosts
      ? [table(['host', 'outcome', 'serves', 'requests', 'failed', 'took'], hosts.map(hostRow))]
      : []),
    ...(steps.length > 0 ? [table(['step', 'took', ''], steps.map(stepRow))] : []),
  ];
  return [title, ...tables, ...notes.map((note) => `- ${plain(note)}`)].join('\n\n');
}

/** @param {Receipt} receipt */
function name({ release, to }) {
  return plain(release ?? to?.release ?? '');
}

/** @param {Receipt} receipt @returns {readonly (readonly string[])[]} */
function facts({ from, live, digest, by, askedBy, durationMs, probe, skewMs, hosts, error }) {
  return [
    ...(hosts ? [] : [['before', target(from)]]),
    ...(hosts ? [] : [['serves', target(live)]]),
    ...(digest === undefined ? [] : [['digest', digest]]),
    ['by', askedBy === undefined ? by : `${askedBy} (as ${by})`],
    ['took', seconds(durationMs)],
    ...(probe
      ? [
          [
            'requests meanwhile',
            `${probe.requests}, ${probe.failed} failed, worst gap ${probe.worstGapMs} ms`,
          ],
        ]
      : []),
    ...(typeof skewMs === 'number' ? [['first to last switch', `${skewMs} ms`]] : []),
    ...(error === undefined ? [] : [['error', error]]),
  ];
}

/** @param {HostPart} part */
function hostRow({ host, outcome, live, probe, durationMs, error }) {
  const how = error === undefined ? outcome : `${outcome}: ${error}`;
  const took = durationMs === null ? '' : seconds(durationMs);
  return [host, how, target(live), `${probe?.requests ?? ''}`, `${probe?.failed ?? ''}`, took];
}

/** @param {Step} step */
function stepRow({ step, ms, note = '', migrations = [] }) {
  return [step, `${Math.round(ms)} ms`, [note, ...migrations].filter(Boolean).join(', ')];
}

/**
 * @param {Receipt} receipt
 * @returns {readonly string[]} one sentence for each thing that is wrong, on whichever host
 */
function problemsOf(receipt) {
  const parts = [{ where: '', part: /** @type {Part} */ (receipt) }].concat(
    (receipt.hosts ?? []).map((part) => ({ where: `${part.host}: `, part })),
  );
  return parts.flatMap(({ where, part: { outcome, probe } }) => [
    ...(WELL.includes(outcome) ? [] : [`${where}It did not end well: ${outcome}.`]),
    ...(probe && probe.failed > 0 ? [`${where}${probe.failed} of ${probe.requests} requests failed.`] : []),
  ]);
}

/** @param {readonly string[]} head @param {readonly (readonly string[])[]} rows */
function table(head, rows) {
  const line = (/** @type {readonly string[]} */ cells) => `| ${cells.map(plain).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Nothing that a log or a release brought along may break out of its place. @param {string} text */
function plain(text) {
  return text.replaceAll(/\s*\n\s*/g, ' ').replaceAll(/[|<>`]/g, (one) => `&#${one.charCodeAt(0)};`);
}

/** @param {readonly string[]} lines */
function fenced(lines) {
  return ['~~~~~~', ...lines.map((line) => line.replaceAll('~~~', '- -')), '~~~~~~'].join('\n');
}

/** @param {Target | null} one */
function target(one) {
  return one === null ? 'nothing' : `${one.colour} (${one.release})`;
}

/** @param {number} ms */
function seconds(ms) {
  return `${(ms / 1_000).toFixed(1)} s`;
}
