import { chromium, type Browser, type Page } from 'playwright-core';
import { CHROMIUM, findCommand } from '../../scripts/lib/commands.mjs';

/** It has no business outside of this machine, and asks for nothing there. */
const QUIET = [
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-gpu',
  '--disable-quic',
  '--disable-sync',
  '--no-first-run',
];
const LOOPBACK = ['localhost', '127.0.0.1'];

/** @throws when there is none: `npm test` installs it */
export async function startChromium(): Promise<Browser> {
  const executablePath = findCommand(CHROMIUM);
  if (executablePath === undefined) throw new Error('chromium is missing: run the tests by npm test');
  // The kernel's sandbox is refused to root and in containers; only our own pages are opened.
  return chromium.launch({ executablePath, args: [...QUIET, '--no-sandbox'] });
}

/** A page in a browser profile of its own: another person at another machine. */
export async function aPage(browser: Browser): Promise<Page> {
  const context = await browser.newContext();
  await context.route(
    ({ hostname }) => !LOOPBACK.includes(hostname),
    (route) => route.abort(),
  );
  return context.newPage();
}
