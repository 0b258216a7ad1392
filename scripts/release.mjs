// @ts-check
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { ROOT } from './lib/paths.mjs';
import { Problem, runMain, say } from './lib/problem.mjs';
import { currentCommit, describe, isChanged, layOut, packer } from './lib/release.mjs';

const HELP = `Makes a release: the built code with the packages that it runs with, and a manifest that says what it is
(id, digest, Node version, migrations, commit). The deployer unpacks it, or refuses it before anything changes.

  npm run release                        releases/<date>-<commit>.tar.gz, which \`deploy <id>\` finds there
  npm run release -- --id r42            under an id of your own: letters, digits, dots, dashes, underscores
  npm run release -- --with-node         with the node that runs this, for hosts that have another (Debian 12 has 18)
  npm run release -- --out /tmp --json   elsewhere; the last line is one JSON object: id, path, bytes, digest, manifest
  npm run release -- --dir               a folder instead of a tarball

Next:  npm run deploy -- deploy <id>, or on a host: deploy <id> --from <path> --digest <digest>`;

const OPTIONS = /** @type {const} */ ({
  id: { type: 'string' },
  out: { type: 'string', default: join(ROOT, 'releases') },
  'with-node': { type: 'boolean', default: false },
  dir: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});

const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
const MIB = 1_048_576;

await runMain(async () => {
  const options = readOptions();
  if (options === null) return say(HELP);
  await ensureDependencies();
  await ensureBuilt();
  const { asFolder, withNode, out, json } = options;
  // What differs from its commit is not that commit.
  const [head, changed] = [await currentCommit(), await isChanged()];
  const id = options.id ?? defaultId(head, changed);
  const target = join(out, asFolder ? id : `${id}.tar.gz`);
  const about = describe({ id, commit: changed ? null : head, withNode });
  const manifest = await make(target, about, { asFolder, withNode });
  const bytes = asFolder ? null : statSync(target).size;
  const { digest } = manifest;
  if (json) {
    process.stdout.write(`${JSON.stringify({ id, path: target, bytes, digest, manifest })}\n`);
    return;
  }
  const size = bytes === null ? 'a folder' : `${(bytes / MIB).toFixed(1)} MiB`;
  process.stdout.write(`${target}\n  size    ${size}\n  digest  ${digest}\n`);
  say(`Next:  npm run deploy -- deploy ${id} --from ${target} --digest ${digest}`);
});

function readWords() {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new Problem(`${error instanceof Error ? error.message : error}\n\n${HELP}`, 2);
  }
}

function readOptions() {
  const values = readWords();
  if (values.help) return null;
  const { id, json } = values;
  if (id !== undefined && (!ID.test(id) || /\.(tar\.gz|tgz)$/.test(id))) {
    throw new Problem('--id: 1 to 64 letters, digits, dots, dashes or underscores, and no .tar.gz', 2);
  }
  return { id, json, out: resolve(values.out), withNode: values['with-node'], asFolder: values.dir };
}

/** @param {string | null} head @param {boolean} changed */
function defaultId(head, changed) {
  const [day, time] = new Date().toISOString().replace(/[-:]/g, '').split(/[T.]/);
  const moment = changed || head === null ? `${day}-${time}` : day;
  return head === null ? `${moment}` : `${moment}-${head.slice(0, 7)}`;
}

/**
 * Whoever looks for the release finds all of it or nothing. A tarball of the same id is replaced; a folder may be live.
 *
 * @param {string} target
 * @param {import('./lib/release.mjs').About} about
 * @param {{ asFolder: boolean, withNode: boolean }} options
 */
async function make(target, about, { asFolder, withNode }) {
  if (asFolder && existsSync(target))
    throw new Problem(`${target} is there already: choose another --id.`, 2);
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(join(dirname(target), '.release-'));
  try {
    const content = join(draft, 'content');
    mkdirSync(content);
    layOut(content, { withNode });
    const { sealFolder, packFolder } = packer();
    const manifest = await sealFolder(content, about);
    const made = asFolder ? content : join(draft, 'release.tar.gz');
    if (!asFolder) await packFolder(content, made);
    renameSync(made, target);
    return manifest;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}
