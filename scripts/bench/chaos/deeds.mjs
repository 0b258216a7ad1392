// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../../lib/processes.mjs';
import { waitFor } from '../../lib/wait.mjs';
import { idleColour, isStopped, kill, liveColour, nginxOf, processOf, waitUntilIdle } from './world.mjs';

/** @typedef {import('../../lib/processes.mjs').Identity} Identity */
/** @typedef {import('../switch/site.mjs').Site} Site */
/** @typedef {{ site: Site, deployer: Identity, release: string, complain: (problem: string) => void }} Scene */

/** What is "for long" to a deployer: far more than any pause between two of its steps. */
const STOPPED_MS = 1_000;
const LOCKED = 3;

/**
 * What is done while the deployer waits, stopped, at its point. It goes on afterwards, if it lives.
 *
 * @type {Readonly<Record<import('./cases.mjs').Deed, (scene: Scene) => Promise<void>>>}
 */
export const DEEDS = Object.freeze({
  kill9: async ({ deployer }) => send(deployer, 'SIGKILL'),
  SIGINT: async ({ deployer }) => interrupt(deployer, 'SIGINT'),
  SIGTERM: async ({ deployer }) => interrupt(deployer, 'SIGTERM'),
  cancelled: async ({ deployer }) => {
    send(deployer, 'SIGINT');
    interrupt(deployer, 'SIGTERM');
    send(deployer, 'SIGKILL');
  },
  'stop-then-kill': async (scene) => {
    await stayStopped(scene);
    send(scene.deployer, 'SIGKILL');
  },
  'stop-then-continue': async (scene) => {
    await stayStopped(scene);
    send(scene.deployer, 'SIGCONT');
  },
  idle: beside(async (site) => kill(await idle(site))),
  'idle-SIGTERM': beside(async (site) => kill(await idle(site), 'SIGTERM')),
  'idle-SIGSTOP': beside(async (site) => stop(await idle(site))),
  live: beside(async (site) => kill(live(site))),
  'live-SIGTERM': beside(async (site) => kill(live(site), 'SIGTERM')),
  'live-SIGSTOP': beside(async (site) => stop(live(site))),
  nginx: beside(async (site) => kill(present(nginxOf(site).master))),
  'nginx-SIGTERM': beside(async (site) => kill(present(nginxOf(site).master), 'SIGTERM')),
  'nginx-all': beside(async (site) => {
    const { master, workers } = nginxOf(site);
    await kill([...present(master), ...workers]);
  }),
});

/** Somebody else is met; the deployer goes on. @param {(site: Site) => Promise<void>} deed @returns {(scene: Scene) => Promise<void>} */
function beside(deed) {
  return async ({ site, deployer }) => {
    await deed(site);
    send(deployer, 'SIGCONT');
  };
}

/** @param {Site} site @returns {Promise<Identity[]>} the colour without traffic, with nothing under way */
async function idle(site) {
  const colour = idleColour(site);
  await waitUntilIdle(site, colour);
  return present(processOf(site, colour));
}

/** @param {Site} site */
function live(site) {
  return present(processOf(site, liveColour(site)));
}

/** @param {readonly Identity[]} victims */
async function stop(victims) {
  for (const victim of victims) send(victim, 'SIGSTOP');
  await waitFor(() => victims.every(isStopped), { timeoutMs: 10_000, what: 'a process to stand still' });
}

/** @param {Identity | undefined} identity */
function present(identity) {
  return identity === undefined ? [] : [identity];
}

/** A stopped process hears a signal when it is continued, before it does anything else. @param {Identity} deployer @param {NodeJS.Signals} signal */
function interrupt(deployer, signal) {
  send(deployer, signal);
  send(deployer, 'SIGCONT');
}

/** Nobody robs it, and everybody is told. @param {Scene} scene */
async function stayStopped({ site, deployer, release, complain }) {
  const begin = performance.now();
  const { code, err } = await site.start(['deploy', release]).ended;
  if (code !== LOCKED) complain(`a second deploy ended with ${code}, not ${LOCKED}: ${err}`);
  if (!err.includes(`process ${deployer.pid} `) || !err.includes('stopped'))
    complain(`a second deploy was not told who is stopped: ${err}`);
  await sleep(Math.max(0, STOPPED_MS - (performance.now() - begin)));
}
