// @ts-check
import { ensureBuilt } from './lib/build.mjs';
import { ensureDependencies } from './lib/dependencies.mjs';
import { runMain } from './lib/problem.mjs';

await runMain(async () => {
  await ensureDependencies();
  await ensureBuilt();
  // Loaded only now: it needs what has just been installed.
  const [first, ...rest] = process.argv.slice(2);
  if (first === 'records') return (await import('./bench/records.mjs')).benchRecords(rest);
  const { bench } = await import('./bench/bench.mjs');
  return bench(process.argv.slice(2));
});
