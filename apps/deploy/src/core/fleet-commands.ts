/**
 * How a command is carried out where there are several hosts. `together`: on all, and all switch or none. `each`: on every
 * host by itself, in a process that outlives the connection. `once`: on every host, what is done to their database on one.
 * `plan`: what a deploy would do on each. `look`: on every host, changing nothing. `here`: on the coordinating machine
 * alone. `own`: a view of all hosts. `one`: only where a host is named.
 */
export type Manner = 'together' | 'once' | 'each' | 'plan' | 'look' | 'here' | 'own' | 'one';

const MANNERS: Readonly<Record<string, Manner>> = {
  deploy: 'together',
  rollback: 'together',
  switch: 'together',
  status: 'own',
  history: 'own',
  plan: 'plan',
  logs: 'look',
  doctor: 'look',
  unlock: 'look',
  contract: 'once',
  maintenance: 'each',
  settle: 'each',
  down: 'each',
  install: 'each',
  completion: 'here',
};

/** Commands that only look: they may be asked of one host. Everything else that moves people needs all. */
export function mannerOf(command: string): Manner {
  return MANNERS[command] ?? 'one';
}

/** What runs on a host outlives the connection: a command without an end would keep the host from all others. */
export function isEndless(command: string, [wish]: readonly string[]): boolean {
  return command === 'standby' && wish === 'listen';
}

/** Words of the command line that are for this machine, with the number of words that each takes. */
const OURS: Readonly<Record<string, number>> = {
  '--config': 2,
  '-c': 2,
  '--host': 2,
  '--fault': 2,
  '--json': 1,
};

/** What is left of a command line for a host. */
export function wordsForHosts(words: readonly string[]): readonly string[] {
  const [first, ...rest] = words;
  if (first === undefined) return [];
  const [name = ''] = first.split('=');
  const taken = OURS[name];
  if (taken === undefined) return [first, ...wordsForHosts(rest)];
  return wordsForHosts(taken === 2 && first === name ? rest.slice(1) : rest);
}
