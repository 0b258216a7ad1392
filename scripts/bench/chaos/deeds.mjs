// @ts-check
import { setTimeout as sleep } from 'node:timers/promises';
import { send } from '../../lib/processes.mjs';
import { idleColour, kill, liveColour, nginxOf, processOf, waitUntilIdle } from './world.mjs';

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
  idle: async ({ site, deployer }) => {
    const colour = idleColour(site);
    await waitUntilIdle(site, colour);
    await kill(present(processOf(site, colour)));
    send(deployer, 'SIGCONT');
  },
  live: async ({ site, deployer }) => {
    await kill(present(processOf(site, liveColour(site))));
    send(deployer, 'SIGCONT');
  },
  nginx: async ({ site, deployer }) => {
    await kill(present(nginxOf(site).master));
    send(deployer, 'SIGCONT');
  },
  'nginx-all': async ({ site, deployer }) => {
    const { master, workers } = nginxOf(site);
    await kill([...present(master), ...workers]);
    send(deployer, 'SIGCONT');
  },
});

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
