import { afterSwitch, afterUndoing, parseState, type DeployState } from './state';

const now = '2026-11-20T06:00:00.000Z';
const state: DeployState = {
  schema: 1,
  live: { colour: 'blue', release: 'r1', fingerprint: 'f1', since: now },
  previous: { release: 'r0', fingerprint: 'f0' },
  floor: null,
};

describe('the state', () => {
  it('is read as it was written', () => {
    expect(parseState(JSON.parse(JSON.stringify(state)))).toEqual({ kind: 'ok', state });
  });

  it('of a newer tool is not guessed at', () => {
    expect(parseState({ ...state, schema: 2 })).toEqual({ kind: 'newer', schema: 2 });
  });

  it.each([null, {}, 'text', { schema: 1 }, { ...state, live: { ...state.live, colour: 'red' } }])(
    'is corrupt when it is %j',
    (stored) => {
      expect(parseState(stored)).toMatchObject({ kind: 'corrupt' });
    },
  );

  it('remembers the release before as the one to go back to', () => {
    const next = afterSwitch(state, { colour: 'green', release: 'r2', fingerprint: 'f2' }, now);
    expect(next).toMatchObject({
      live: { release: 'r2', since: now },
      previous: { release: 'r1', fingerprint: 'f1' },
    });
  });

  it('is as before when a recorded release is undone, and keeps what contract migrations have ended since', () => {
    const blue = { colour: 'blue', release: 'r1', fingerprint: 'f1' } as const;
    const floor = { release: 'r2', since: now, migrations: [], below: ['r0'] };
    const later = '2026-11-21T06:00:00.000Z';
    const recorded = {
      ...afterSwitch(state, { colour: 'green', release: 'r2', fingerprint: 'f2' }, later),
      floor,
    };
    expect(afterUndoing(recorded, state, blue, later)).toEqual({ ...state, floor });
    // Without the copy of before, or with that of another time, nobody knows it.
    expect(afterUndoing(recorded, null, blue, later)).toMatchObject({ previous: { release: 'r2' } });
    expect(afterUndoing(recorded, recorded, blue, later)).toMatchObject({ previous: { release: 'r2' } });
  });

  it('keeps the way back when the same release is started again', () => {
    const next = afterSwitch(state, { colour: 'green', release: 'r1', fingerprint: 'f1' }, now);
    expect(next.previous).toEqual({ release: 'r0', fingerprint: 'f0' });
  });

  it('of a tool that knew no contract migrations has none', () => {
    const { floor, ...older } = state;
    expect(parseState(older)).toEqual({ kind: 'ok', state: { ...older, floor } });
  });

  it('keeps what contract migrations have ended, whatever is deployed', () => {
    const floor = { release: 'r1', since: now, migrations: ['ContractRooms1700000000003'], below: ['r0'] };
    const next = afterSwitch({ ...state, floor }, { colour: 'green', release: 'r2', fingerprint: 'f2' }, now);
    expect(next.floor).toEqual(floor);
  });

  it('has no way back after the first deploy', () => {
    expect(afterSwitch(null, { colour: 'blue', release: 'r1', fingerprint: 'f1' }, now).previous).toBeNull();
  });
});
