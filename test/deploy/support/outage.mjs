// @ts-check
import { request } from 'node:http';

/**
 * Asks an address on a fresh connection every 20 ms and says `served`, and `again` after each outage. When it is told to
 * stop it says how many requests failed
 * and how long nobody was served: from the last good answer before a failure to the first one after it.
 */
const [url = ''] = process.argv.slice(2);
const EVERY_MS = 20;
const PATIENCE_MS = 2_000;

let asked = 0;
let failed = 0;
let longestMs = 0;
let goodAt = performance.now();
let isFailing = false;

/** @returns {Promise<boolean>} */
function ask() {
  return new Promise((resolve) => {
    const call = request(url, { agent: false, timeout: PATIENCE_MS }, (answer) => {
      answer.resume().on('end', () => resolve(answer.statusCode === 200));
    });
    call.on('timeout', () => call.destroy());
    call.on('error', () => resolve(false));
    call.end();
  });
}

async function askAndNote() {
  asked += 1;
  if (await ask()) {
    if (asked === 1) console.log('served');
    if (isFailing) console.log('again');
    if (isFailing) longestMs = Math.max(longestMs, performance.now() - goodAt);
    isFailing = false;
    goodAt = performance.now();
  } else {
    failed += 1;
    isFailing = true;
  }
}

process.on('SIGTERM', () => {
  console.log(JSON.stringify({ asked, failed, longestMs: Math.round(longestMs) }));
  process.exit(0);
});
for (;;) {
  await askAndNote();
  await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
}
