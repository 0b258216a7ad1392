import { waitFor } from '../../scripts/lib/wait.mjs';
import { migratedDatabase, startApiProcess, type ServingProcess } from '../support/api-process';
import type { TestDatabase } from '../support/mariadb';

const TURNS = 4;

describe('periodic work', () => {
  let database: TestDatabase;
  let colours: readonly ServingProcess[];
  beforeAll(async () => {
    database = await migratedDatabase();
    const settings = { DATABASE_URL: database.url, HOUSEKEEPING_EVERY_S: '1', LOG_LEVEL: 'info' };
    colours = await Promise.all(
      ['blue', 'green'].map((COLOUR) => startApiProcess({ ...settings, COLOUR, RELEASE: COLOUR })),
    );
  });
  afterAll(async () => {
    for (const colour of colours) await colour.kill9();
    await database.drop();
  });

  const turnsOf = (colour: ServingProcess | undefined) =>
    (colour?.logs() ?? []).filter(({ msg }) => msg === 'tidied up').map(({ turn }) => turn as number);
  const allTurns = () => colours.flatMap(turnsOf);

  it('is done once each time, although both colours live', async () => {
    await waitFor(() => Promise.resolve(allTurns().length >= TURNS), {
      timeoutMs: 30_000,
      what: 'some turns',
    });
    const turns = allTurns();
    expect(new Set(turns).size).toBe(turns.length);
  });

  it('is done by the one that is left when the other is gone', async () => {
    const [blue, green] = colours;
    await blue?.kill9();
    const before = turnsOf(green).length;
    const goesOn = () => Promise.resolve(turnsOf(green).length > before + 1);
    await waitFor(goesOn, { timeoutMs: 20_000, what: 'the other colour to go on' });
    expect(new Set(allTurns()).size).toBe(allTurns().length);
  });
});
