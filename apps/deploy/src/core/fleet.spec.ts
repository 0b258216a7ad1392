import { aWorld, factsOf } from '../../../../test/deploy/support/model';
import {
  clockOffsetMs,
  commonImage,
  exitCodeOf,
  isSettled,
  mayGo,
  mayKeep,
  openWindow,
  rollbackTarget,
  skewMs,
  whyNotOne,
} from './fleet';
import type { Found, HostLook, Progress, Standing } from './fleet';
import { fleetStatus } from './fleet-status';

const go: Progress = { kind: 'waits', gate: 'go' };
const keep: Progress = { kind: 'waits', gate: 'keep' };
const lost: Progress = { kind: 'lost', why: 'No route to host' };
const ended = (exitCode: number): Progress => ({ kind: 'ended', exitCode, output: null });
const stand = (...all: readonly Progress[]): readonly Standing[] =>
  all.map((progress, index) => ({ host: `host-${index + 1}`, progress }));

/** A host as it is found. @param live null: nothing serves */
function aLook(live: string | null, previous = 'r0'): HostLook {
  const up = { blue: live === null ? null : { release: live }, green: null };
  const facts = factsOf(aWorld({ up, recorded: live }));
  const state = facts.state && { ...facts.state, previous: { release: previous, fingerprint: '' } };
  const status = {
    facts: { ...facts, state },
    unfinished: null,
    recovery: null,
    lockedBy: null,
    url: 'http://site',
    maintenance: null,
    contractPending: [],
    window: { isOpen: false, closesAt: '' },
    notes: [],
  };
  return { status: status as unknown as HostLook['status'], release: null, job: null };
}

describe('several hosts', () => {
  it('switch when each is prepared or has the release already', () => {
    expect(mayGo(stand(go, go, go))).toBe(true);
    expect(mayGo(stand(go, ended(0), go))).toBe(true);
  });

  it.each([
    ['is not well', ended(4)],
    ['is locked', ended(3)],
    ['cannot be reached', lost],
    ['is still at work', { kind: 'working' }],
  ] as const)('switch nowhere when one of them %s', (_, progress) => {
    expect(mayGo(stand(go, progress, go))).toBe(false);
  });

  it('go back when one of them was found wanting after the switch', () => {
    expect(mayKeep(stand(keep, ended(4), keep))).toBe(false);
    expect(mayKeep(stand(keep, keep, ended(0)))).toBe(true);
  });

  it('do not go back for one that cannot be reached: it was told to switch', () => {
    expect(mayKeep(stand(keep, lost, keep))).toBe(true);
    expect(mayKeep(stand(lost, lost))).toBe(false);
  });

  it('are waited for at each gate anew', () => {
    const standing = (progress: Progress) => ({ host: 'a', progress });
    expect([go, keep, lost, ended(4)].map((one) => isSettled('keep', standing(one)))).toEqual([
      false,
      true,
      true,
      true,
    ]);
    expect(isSettled('go', standing({ kind: 'working' }))).toBe(false);
  });

  it('end with what matters most', () => {
    expect(exitCodeOf(stand(ended(0), ended(0)))).toBe(0);
    expect(exitCodeOf(stand(ended(4), ended(4), ended(3)))).toBe(3);
    expect(exitCodeOf(stand(ended(4), ended(4)))).toBe(4);
    expect(exitCodeOf(stand(ended(0), lost))).toBe(5);
    expect(exitCodeOf(stand(ended(4), ended(1)))).toBe(1);
  });
});

describe('the way back of several hosts', () => {
  it('is to the release that all served before', () => {
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r2', 'r1')])).toBe('r1');
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r2', 'r0')])).toBeNull();
    expect(rollbackTarget([])).toBeNull();
  });

  it('is, where some are ahead, to what the others serve', () => {
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r1', 'r0'), aLook('r2', 'r1')])).toBe('r1');
    expect(rollbackTarget([aLook('r2', 'r0'), aLook('r1', 'r0')])).toBeNull();
  });
});

describe('the way back of several hosts to a release that is named', () => {
  it('is to none but that one', () => {
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r2', 'r1')], 'r1')).toBe('r1');
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r2', 'r1')], 'r0')).toBeNull();
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r2', 'r0')], 'r1')).toBeNull();
  });

  it('leaves those alone where it is live, all of them, too', () => {
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r2', 'r1')], 'r2')).toBe('r2');
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r1', 'r2')], 'r2')).toBe('r2');
    expect(rollbackTarget([aLook('r2', 'r1'), aLook('r1', 'r2')])).toBeNull();
  });
});

describe('one release on all hosts', () => {
  const known = (...looks: readonly HostLook[]) => looks.map((look, index) => ({ host: `h${index}`, look }));
  const withOld = (look: HostLook): HostLook => {
    const green = { process: { pid: 9, release: 'r1' }, answers: null };
    const facts = { ...look.status.facts, colours: { ...look.status.facts.colours, green } };
    return { ...look, status: { ...look.status, facts } };
  };

  it('is there when nothing else runs on any of them', () => {
    expect(whyNotOne(known(aLook('r2'), aLook('r2')))).toBeNull();
    expect(whyNotOne(known(aLook('r2'), aLook('r1')))).toBe('h1 serves r1, others r2');
    expect(whyNotOne(known(aLook('r2'), withOld(aLook('r2'))))).toBe('r1 still runs on green of h1');
    expect(whyNotOne([])).toBe('nothing serves');
  });

  it('is not there while a standby of any of them runs another', () => {
    const help = (release: string | null) => {
      const { status, ...look } = aLook('r2');
      const facts = { ...status.facts, standby: { wanted: true, inPool: true, release } };
      return { ...look, status: { ...status, facts } };
    };
    expect(whyNotOne(known(help('r2'), help(null)))).toBeNull();
    expect(whyNotOne(known(help('r2'), help('r1')))).toBe('r1 still runs on the standby of h1');
  });

  it('can be left while a way back is open, which is told of the last host where it is', () => {
    const open = (closesAt: string | null, contractPending: readonly string[]) => {
      const { status, ...look } = aLook('r2');
      const window = { isOpen: closesAt !== null, closesAt: closesAt ?? '' };
      return { ...look, status: { ...status, window, contractPending } };
    };
    expect(openWindow(known(open(null, ['C']), open('09:00', []), open('10:00', [])))).toEqual({
      host: 'h2',
      closesAt: '10:00',
    });
    expect(openWindow(known(open(null, ['C']), open(null, ['C'])))).toBeNull();
    expect(openWindow(known(open('09:00', []), open('09:00', [])))).toBeNull();
  });
});

describe('the image of a release on several hosts', () => {
  const known = (...fingerprints: readonly (string | null)[]) =>
    fingerprints.map((fingerprint, index) => ({
      host: `h${index}`,
      look: { ...aLook('r1'), release: fingerprint === null ? null : { fingerprint } },
    }));

  it('is the same on all of them, or named', () => {
    expect(commonImage(known('abc', 'abc'))).toEqual({ digest: 'abc' });
    expect(commonImage(known('abc', null))).toEqual({ problem: 'h1 lacks the image' });
    expect(commonImage(known('abc', 'abd'))).toEqual({
      problem: 'it is another image on each of them: h0 has abc, h1 has abd',
    });
  });
});

describe('the view of several hosts', () => {
  const look = (host: string, live: string): Found => ({ host, look: aLook(live) });

  it('names the one release that all serve', () => {
    const { isMixed, text } = fleetStatus([look('a', 'r2'), look('b', 'r2')], { skewMs: 7, behind: [] });
    expect([isMixed, text]).toEqual([false, expect.stringMatching(/^live +r2 on a, b\nskew +7 ms/)]);
  });

  it('shows different releases, who is behind, and who cannot be asked', () => {
    const found = [look('a', 'r2'), look('b', 'r1'), { host: 'c', unreachable: 'No route to host' }];
    const behind = ['b', 'a'].map((host) => ({ host, release: 'r2', since: 'noon' }));
    const view = fleetStatus(found, { skewMs: null, behind });
    expect(view.isMixed).toBe(true);
    expect(view.behind).toEqual([behind[0]]);
    expect(view.text).toContain('mixed versions: r2 on a; r1 on b');
    expect(view.text).toContain('c cannot be asked: No route to host');
    expect(view.text).toContain('b should serve r2 since noon: npm run deploy -- deploy r2');
    expect(view.hosts).toMatchObject({
      a: { release: 'r2', colour: 'blue' },
      c: { unreachable: expect.any(String) },
    });
  });
});

describe('the skew of a switch', () => {
  it('is between the first and the last host', () => {
    expect(skewMs([1_000, 1_007.4, null, 1_003])).toBe(7);
    expect(skewMs([1_000, null])).toBeNull();
  });

  it('leaves out by how much the clocks differ, as the quickest reading tells', () => {
    const quick = { sent: 100, now: 5_101, received: 102 };
    const slow = { sent: 0, now: 5_080, received: 90 };
    expect(clockOffsetMs([slow, quick])).toBe(5_000);
    expect(clockOffsetMs([])).toBe(0);
  });
});
