import { aRelease, aWorld, factsOf } from '../../../../test/deploy/support/model';
import { driftOf, type Facts } from './facts';
import { planDeploy, planSwitch } from './plan';
import { refuseMoved } from './refusals';
import { recover } from './recovery';

const both = aWorld({ up: { blue: { release: 'r1' }, green: { release: 'r2' } } });
const unfinished = {
  run: '1',
  intent: 'deploy',
  from: { colour: 'blue', release: 'r1' },
  to: { colour: 'green', release: 'r2' },
  lastStep: 'switch',
  verified: false,
} as const;

/** The file names one colour, and nginx sends people to another: it was not reloaded, or has refused to. */
function disagreeing(file: 'blue' | 'green', heard: 'blue' | 'green'): Facts {
  const facts = factsOf(both);
  const nginx = { ...facts.nginx, answers: facts.colours[heard].answers };
  return { ...facts, strategy: 'reload', link: { colour: file, release: null }, nginx };
}

describe('a file that nginx has not read', () => {
  it('is told as drift: what nginx answers is right', () => {
    expect(driftOf(disagreeing('green', 'blue'))).toEqual([
      'the included file names green, but nginx answers from blue (r1)',
    ]);
  });

  it.each([
    ['green', 'blue'],
    ['blue', 'green'],
  ] as const)(
    'is read before anything is stopped when a run is undone: it names %s, nginx answers from %s',
    (file, heard) => {
      const { direction, plan } = recover(unfinished, disagreeing(file, heard));
      expect(direction).toBe('back');
      expect(plan.actions.map(({ kind }) => kind)).toEqual(['switch', 'verify', 'drain', 'stop']);
      expect(plan.actions[0]).toMatchObject({ to: { colour: 'blue' } });
    },
  );

  it('is written anew before the next deploy does anything else', () => {
    const { actions } = planDeploy(disagreeing('green', 'blue'), aRelease({ id: 'r3' }));
    expect(actions[0]).toEqual({ kind: 'switch', from: null, to: { colour: 'blue', release: 'r1' } });
  });
});

describe('a colour that serves at an address which the settings do not give it any more', () => {
  const facts = factsOf(aWorld());
  const moved: Facts = {
    ...facts,
    strategy: 'reload',
    link: null,
    colours: { ...facts.colours, blue: { ...facts.colours.blue, answers: null } },
  };

  it('is not taken for a dead one: nothing is planned', () => {
    for (const work of [
      () => planDeploy(moved, aRelease()),
      () => planSwitch(moved),
      () => refuseMoved(moved),
    ]) {
      expect(work).toThrow();
    }
    expect(() => planDeploy(moved, aRelease())).toThrow('blue (r1) serves, but not at the address');
    expect(driftOf(moved)).toContain('blue (r1) serves at another address than the settings give it');
  });

  it('is one that answers through nginx: a dead one does not stand in the way', () => {
    const dead = { ...moved, nginx: { ...moved.nginx, answers: null } };
    expect(planDeploy(dead, aRelease()).to).toEqual({ colour: 'blue', release: 'r2' });
  });
});

describe('a plan with a caveat', () => {
  it('says it, and so does the receipt', () => {
    const facts = factsOf(aWorld());
    const { notes } = planDeploy({ ...facts, nginx: { ...facts.nginx, caveat: 'mind' } }, aRelease());
    expect(notes).toEqual(['mind']);
  });
});
