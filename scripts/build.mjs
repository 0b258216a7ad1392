// @ts-check
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runMain, say } from './lib/problem.mjs';

await runMain(async () => {
  await ensureDependencies();
  const built = await ensureBuilt();
  say(built.length === 0 ? 'Nothing has changed since the last build.' : `Built ${built.join(' and ')}.`);
});
