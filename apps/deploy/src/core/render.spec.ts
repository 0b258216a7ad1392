import { aWorld, factsOf } from '../../../../test/deploy/support/model';
import { DeployError } from './errors';
import { parseFault, strikesAt } from './fault';
import { recover } from './recovery';
import { renderError, renderStatus, type Status } from './render';

function aStatus(changes: Partial<Status> = {}): Status {
  const facts = factsOf(aWorld());
  return {
    facts,
    unfinished: null,
    recovery: null,
    lockedBy: null,
    url: 'http://localhost:8080',
    maintenance: null,
    contractPending: [],
    window: { isOpen: false, closesAt: '2026-11-20T01:00:00.000Z' },
    notes: [],
    ...changes,
  };
}

describe('the status', () => {
  it('says what is live, where, and how to go back', () => {
    const text = renderStatus(aStatus());
    expect(text).toContain('live      blue (r1) on http://localhost:8080');
    expect(text).toContain('green     not running');
    expect(text).toContain('rollback  to r0: npm run deploy -- rollback');
  });

  it('names contract migrations that are pending, and until when they wait', () => {
    const pending = { contractPending: ['ContractRooms1', 'ContractChat2'] };
    expect(renderStatus(aStatus(pending))).toContain(
      'contract  pending: ContractRooms1, ContractChat2; npm run deploy -- contract',
    );
    const window = { isOpen: true, closesAt: '2026-11-20T01:00:00.000Z' };
    expect(renderStatus(aStatus({ ...pending, window }))).toContain(
      'ContractChat2; the way back is open until 2026-11-20T01:00:00.000Z',
    );
    expect(renderStatus(aStatus())).not.toContain('contract');
  });

  it('says that there is no way back where contract migrations have ended it', () => {
    const facts = factsOf(aWorld());
    const floor = {
      release: 'r1',
      since: '2026-11-20T01:00:00.000Z',
      migrations: ['ContractRooms1'],
      below: ['r0'],
    };
    const state = facts.state && { ...facts.state, floor };
    expect(renderStatus(aStatus({ facts: { ...facts, state } }))).toContain(
      'rollback  r0 cannot run any more: the contract migrations of r1 (ContractRooms1)',
    );
  });

  it('says what an unfinished run will come to', () => {
    const facts = factsOf(aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r2' } } }));
    const to = { colour: 'green', release: 'r2' } as const;
    const unfinished = {
      run: '1',
      intent: 'deploy',
      from: null,
      to,
      lastStep: 'health',
      verified: false,
    } as const;
    const text = renderStatus(aStatus({ facts, unfinished, recovery: recover(unfinished, facts) }));
    expect(text).toContain('green (r2), ended in health; the next deploy undoes it (blue (r1) still serves)');
  });

  it('does not call a run unfinished that somebody is at', () => {
    const to = { colour: 'green', release: 'r2' } as const;
    const unfinished = {
      run: '1',
      intent: 'deploy',
      from: null,
      to,
      lastStep: 'health',
      verified: false,
    } as const;
    const text = renderStatus(aStatus({ unfinished, lockedBy: 'process 7 of haru runs `deploy r2`' }));
    expect(text).toContain('busy      process 7 of haru');
    expect(text).not.toContain('unfinished');
  });

  it('tells where the state, the link and nginx disagree', () => {
    expect(renderStatus(aStatus({ facts: factsOf(aWorld({ recorded: 'r9' })) }))).toContain(
      'drift     the state names blue (r9) as live, but blue (r1) serves',
    );
    const facts = factsOf(aWorld());
    const stranger = { release: 'x', colour: 'none', pid: 7, startedAt: '' };
    const foreign = { ...facts, nginx: { ...facts.nginx, answers: stranger } };
    expect(renderStatus(aStatus({ facts: foreign }))).toContain(
      'nginx answers from a stranger: process 7 (x)',
    );
  });

  it('shows notes about files that were damaged', () => {
    expect(renderStatus(aStatus({ notes: ['state.json is damaged'] }))).toContain(
      'note      state.json is damaged',
    );
  });
});

describe('a failure', () => {
  it('says what, the lines that show why, what it was left in, and what comes next', () => {
    const error = new DeployError('unhealthy', {
      what: 'green (r2) is not healthy.',
      details: ['no such table'],
    });
    expect(renderError(error.with({ left: 'blue (r1) serves.', next: 'look' }))).toBe(
      'green (r2) is not healthy.\n  | no such table\nState: blue (r1) serves.\nNext:  look',
    );
  });

  it('keeps its exit code when more becomes known, unless that changes what is needed', () => {
    const error = new DeployError('unhealthy', { what: 'x' });
    expect(error.with({ left: 'y' }).exitCode).toBe(4);
    expect(error.with({ left: 'y' }, 'needsHuman').exitCode).toBe(5);
  });
});

describe('a fault made on purpose', () => {
  it('is read from its three words', () => {
    const fault = parseFault('after:switch:kill9');
    expect(fault).toEqual({ moment: 'after', step: 'switch', way: 'kill9' });
    expect(strikesAt(fault, 'after', 'switch')).toBe(true);
    expect(strikesAt(fault, 'before', 'switch')).toBe(false);
    expect(strikesAt(null, 'after', 'switch')).toBe(false);
  });

  it.each([
    '',
    'after',
    'after:switch',
    'later:switch:kill9',
    'after:switch:explode',
    'after::throw',
    'a:b:c:d',
  ])('is refused when it is %j', (text) => {
    expect(parseFault(text)).toBeNull();
  });
});
