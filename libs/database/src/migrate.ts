import type { DataSource } from 'typeorm';
import { connect } from './data-source';

/** One runner at a time for a database, on however many hosts: the server-side lock's name, at most 64 characters. */
const LOCK_NAME = "CONCAT('haru-migrate.', SHA1(DATABASE()))";
const LOCK_TIMEOUT_S = 60;
/** A table change must not queue behind a long read, and all other reads behind it (seconds). */
const TABLE_LOCK_TIMEOUT_S = 5;

/** Thrown when another runner has held the migration lock for {@link LOCK_TIMEOUT_S} seconds. */
export class MigrationsBusy extends Error {
  constructor() {
    super(`another process has been migrating for ${LOCK_TIMEOUT_S} s: wait for it, then run this again`);
    this.name = 'MigrationsBusy';
  }
}

/**
 * Brings a database up to this release.
 *
 * @param url as in DATABASE_URL
 * @returns names of the migrations that were applied; none when it was up to date
 * @throws MigrationsBusy
 */
export async function migrate(url: string): Promise<readonly string[]> {
  const dataSource = await connect(url, 2);
  try {
    return await underLock(dataSource, async () =>
      (await dataSource.runMigrations()).map(({ name }) => name),
    );
  } finally {
    await dataSource.destroy();
  }
}

async function underLock<T>(dataSource: DataSource, work: () => Promise<T>): Promise<T> {
  const holder = dataSource.createQueryRunner();
  try {
    const [row] = (await holder.query(`SELECT GET_LOCK(${LOCK_NAME}, ?) AS locked`, [LOCK_TIMEOUT_S])) as [
      { locked: number | null },
    ];
    if (Number(row.locked) !== 1) throw new MigrationsBusy();
    await dataSource.query(`SET SESSION lock_wait_timeout = ${TABLE_LOCK_TIMEOUT_S}`);
    return await work();
  } finally {
    // The lock belongs to the connection, so it ends with it whatever happens here.
    await holder.query(`DO RELEASE_LOCK(${LOCK_NAME})`);
    await holder.release();
  }
}
