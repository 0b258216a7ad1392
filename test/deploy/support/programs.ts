import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';

/** How a program ended. One that was killed has no code. */
export type Ended = Readonly<{ code: number | null; out: string; err: string }>;

export type Program = Readonly<{ child: ChildProcess; ended: Promise<Ended>; output: () => string }>;

/** Nothing of this machine's settings reaches a program in another system. */
const ENV = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: '/root',
  LANG: 'C.UTF-8',
} as const;

type Options = Readonly<{ input?: string; env?: Readonly<Record<string, string>>; cwd?: string }>;

/** Starts a program with a bare environment. */
export function start([name = '', ...args]: readonly string[], { input, env, cwd }: Options = {}): Program {
  const child = spawn(name, args, { env: { ...ENV, ...env }, cwd, stdio: ['pipe', 'pipe', 'pipe'] });
  // One that does not read its input is as good as one that does.
  child.stdin.on('error', () => undefined).end(input);
  let out = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (out += part));
  const ended = Promise.all([text(child.stderr), once(child, 'close')]).then(([err, [code]]): Ended => ({
    code: code as number | null,
    out,
    err,
  }));
  return { child, ended, output: () => out };
}

/**
 * Runs a program that must succeed.
 *
 * @returns what it wrote
 */
export async function output(words: readonly string[], options?: Options): Promise<string> {
  return mustSucceed(await start(words, options).ended, words.join(' '));
}

/** @throws Error that says how it ended */
export function mustSucceed({ code, out, err }: Ended, what: string): string {
  if (code !== 0) throw new Error(`${what} ended with ${code}: ${err}${out.slice(-2_000)}`);
  return out;
}

export async function childrenOf(pid: number): Promise<readonly number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

/** @returns the process of that name among those that a process has started, at any depth */
export async function findBelow(pid: number, name: string): Promise<number | null> {
  for (const child of await childrenOf(pid)) {
    const own = await readFile(`/proc/${child}/comm`, 'utf8').catch(() => '');
    const found = own.trim() === name.slice(0, 15) ? child : await findBelow(child, name);
    if (found !== null) return found;
  }
  return null;
}
