import { MANIFEST_FILE, MARK_FILE } from './manifest';

/** One thing in a release, in a folder or in a tarball. */
export type Entry = Readonly<{
  /** from the top of the release, with slashes */
  path: string;
  kind: 'file' | 'folder' | 'link' | 'other';
  bytes: number;
  executable: boolean;
  /** sha256 of what a file holds; where a link points; '' for others */
  content: string;
}>;

/** They are not part of what they vouch for. */
const ABOUT_IT = [MANIFEST_FILE, MARK_FILE];
const SHOWN_PROBLEMS = 5;

/**
 * Whether everything would stay inside the folder that it is unpacked into. A tarball is input: it may be somebody
 * else's, and what it names may be anywhere.
 *
 * @returns what is wrong, in words; empty when nothing is
 */
export function entryProblems(entries: readonly Entry[]): readonly string[] {
  const links = new Set(entries.filter(({ kind }) => kind === 'link').map(({ path }) => path));
  const seen = new Set<string>();
  const problems: string[] = [];
  for (const entry of entries) {
    const problem = problemOf(entry, links, seen);
    if (problem !== null) problems.push(`${JSON.stringify(entry.path)} ${problem}`);
    seen.add(entry.path);
  }
  const more = problems.length - SHOWN_PROBLEMS;
  return [...problems.slice(0, SHOWN_PROBLEMS), ...(more > 0 ? [`and ${more} more of that kind`] : [])];
}

function problemOf(
  { path, kind, content }: Entry,
  links: ReadonlySet<string>,
  seen: ReadonlySet<string>,
): string | null {
  if (leadsOut(path)) return 'leads out of the release';
  if (seen.has(path)) return 'is in it twice';
  if (kind === 'other') return 'is no file, no folder and no symbolic link';
  const link = foldersAbove(path).find((folder) => links.has(folder));
  if (link !== undefined) return `lies behind the link ${link}`;
  if (kind === 'link' && pointsOut(path, content)) return `points out of the release, at ${content}`;
  return null;
}

function leadsOut(path: string): boolean {
  const names = path.split('/');
  return (
    path.startsWith('/') ||
    /[\\\0]/.test(path) ||
    names.some((name) => name === '..' || name === '.' || name === '')
  );
}

/**
 * Up first, then down: a target that goes up again behind a name could pass another link on its way and come out
 * elsewhere than it reads.
 */
function pointsOut(path: string, target: string): boolean {
  if (target === '' || target.startsWith('/') || target.includes('\0')) return true;
  const names = target.split('/').filter((name) => name !== '.' && name !== '');
  const ups = names.findIndex((name) => name !== '..');
  const climbed = ups === -1 ? names.length : ups;
  return climbed > path.split('/').length - 1 || names.slice(climbed).includes('..');
}

function foldersAbove(path: string): readonly string[] {
  const names = path.split('/');
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'));
}

/**
 * The text whose sha256 is the digest of a release: a line for each file and link, by name. Times, owners and the order
 * of a tarball have no part in it.
 */
export function digestText(entries: readonly Entry[]): string {
  return entries
    .filter(({ path, kind }) => (kind === 'file' || kind === 'link') && !ABOUT_IT.includes(path))
    .map(({ path, kind, executable, content }) => {
      const mode = kind === 'file' && executable ? 'x' : '-';
      return `${JSON.stringify(path)} ${kind} ${mode} ${JSON.stringify(content)}\n`;
    })
    .sort()
    .join('');
}
