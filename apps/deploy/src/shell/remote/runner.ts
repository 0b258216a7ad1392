import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire, isBuiltin } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';

/** What is copied to a host: this tool as it was built, and only those files of packages that it loads. */
export type Runner = Readonly<{
  /** the files are named from here */
  root: string;
  files: readonly string[];
  /** of all their contents: another build is another runner */
  digest: string;
  /** the program, named from the root */
  program: string;
}>;

const LOADED = /\b(?:require|import)\(\s*["']([^"']+)["']\s*\)/g;

/** Collects the files, beginning at the program that hosts run. */
export function collectRunner(): Runner {
  const program = resolve(__dirname, '../../agent.js');
  const root = resolve(__dirname, '../../../../../..');
  // Whoever is logged in on the host has the commands of people there as well.
  const files = [...closureOf(program, resolve(__dirname, '../../main.js'))].sort();
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${relative(root, file)}\0`).update(readFileSync(file));
  return {
    root,
    files: files.map((file) => relative(root, file)),
    digest: hash.digest('hex').slice(0, 16),
    program: relative(root, program),
  };
}

/** Every file that may be loaded from the first ones, and the package.json that says how it is loaded. */
function closureOf(...first: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  const open = [...first];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (found.has(file)) continue;
    found.add(file);
    for (const manifest of manifestsOf(file)) found.add(manifest);
    open.push(...loadedBy(file));
  }
  return found;
}

function loadedBy(file: string): readonly string[] {
  if (!/\.c?js$/.test(file)) return [];
  const { resolve: find } = createRequire(file);
  const names = [...readFileSync(file, 'utf8').matchAll(LOADED)].map(([, name = '']) => name);
  return names
    .filter((name) => !isBuiltin(name))
    .flatMap((name) => {
      try {
        return [find(name)];
      } catch (error) {
        // Packages try what they can do without; our own code must be whole.
        if (file.includes('/node_modules/')) return [];
        throw error;
      }
    });
}

/** Of the package, and of folders in it that are loaded in another way. */
function manifestsOf(file: string): readonly string[] {
  const found: string[] = [];
  if (!file.includes('/node_modules/')) return found;
  for (let folder = dirname(file); !folder.endsWith('/node_modules'); folder = dirname(folder)) {
    const manifest = join(folder, 'package.json');
    if (existsSync(manifest)) found.push(manifest);
  }
  return found;
}
