// @ts-check
import { compare, openAudit } from './audit.mjs';
import { enrol } from '../people.mjs';
import { anyOrderUpTo, classes, fixtureUsers } from './fixture-crowd.mjs';
import { executedWrites } from './fixture-site.mjs';
import { reader, writer } from './people.mjs';

/** @typedef {import('./proof.mjs').People} People */
/** @typedef {import('./pace.mjs').Pace} Pace */

/** @param {string} dir where the writes are noted @param {Pace} pace @returns {People} */
export function peopleOfFixture(dir, pace) {
  return {
    users: (ledger) => fixtureUsers(pace, ledger),
    compare: async (outcomes) => compare(outcomes, executedWrites(dir)),
    sockets: pace.sockets,
    perSecond: pace.perSecond,
  };
}

/**
 * People who use the real API: each in a study of its own, so that every write is known by its id in the database. The
 * API has no slow requests, uploads or streams; its sockets speak socket.io, which the fixture's clients do not.
 *
 * @param {import('./site.mjs').Site} site
 * @param {Pace} pace
 * @returns {Promise<People>}
 */
export async function peopleOfApi(site, pace) {
  const audit = await openAudit(site.databaseUrl);
  await audit.prove(site.origin);
  const { busy, lazy, fresh } = pace;
  const persons = await enrol(site.origin, 2 * busy + lazy + fresh);
  const next = () => /** @type {import('../people.mjs').Person} */ (persons.shift());
  const briefly = () => Math.random() * 2 * pace.thinkMs;
  return {
    users(ledger) {
      const some = classes(ledger);
      const write = () => writer(next(), ledger.writes);
      return [
        ...some('get', busy, () => ({ client: reader(next()), thinkMs: briefly })),
        ...some('post', busy, () => ({ client: write(), thinkMs: briefly })),
        ...some('lazy', lazy, (index) => ({
          client: index % 2 === 0 ? reader(next()) : write(),
          thinkMs: () => anyOrderUpTo(pace.lazyMs),
        })),
        ...some('fresh', fresh, () => ({ client: reader(next()), thinkMs: briefly, afresh: true })),
      ];
    },
    compare: audit.compare,
    sockets: 0,
    perSecond: pace.perSecond,
    close: audit.close,
  };
}
