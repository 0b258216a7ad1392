import { endingOf, unheard, type Settled } from './ending';
import { DeployError, type ExitCode } from './errors';

const FROM = { colour: 'blue', release: 'r1' } as const;
const TO = { colour: 'green', release: 'r2' } as const;
const RUN = { run: '1', intent: 'deploy', from: FROM, to: TO, lastStep: 'stop' } as const;

const UNWELL = new DeployError('unhealthy', { what: 'It is not well.' });
const BUG = new DeployError('bug', { what: 'Error: a bug' });

function forward(verified: boolean): Settled {
  return { direction: 'forward', live: TO, why: '', unfinished: { ...RUN, verified } };
}

function back(live: Settled['live']): Settled {
  return { direction: 'back', live, why: '', unfinished: { ...RUN, verified: false } };
}

/** What its receipt, its message and its exit code say. */
function told(
  error: DeployError,
  settled: Settled | null,
  from: typeof FROM | null = FROM,
): readonly [string, string | undefined, ExitCode | undefined] {
  const { outcome, error: shown } = endingOf({ intent: 'deploy', from }, error, settled, 'the log');
  return [outcome, shown?.trouble.left, shown?.exitCode];
}

describe('a run in which a step failed', () => {
  it('is undone when it was settled by going back', () => {
    expect(told(UNWELL, back(FROM))).toEqual(['undone', 'blue (r1) serves as before.', 4]);
    expect(told(BUG, back(FROM))).toEqual(['undone', 'blue (r1) serves as before.', 1]);
  });

  it('is done when it was settled by going on, after its release had been verified', () => {
    const left = 'green (r2) is live: what was begun is finished all the same.';
    expect(told(BUG, forward(true))).toEqual(['done', left, 1]);
    expect(endingOf({ intent: 'deploy', from: FROM }, BUG, forward(true), 'the log')).toMatchObject({
      live: TO,
      cause: 'Error: a bug',
      error: { trouble: { next: 'npm run deploy -- status' } },
    });
  });

  it('has failed when its release is kept for want of another', () => {
    const left = 'green (r2) serves, since nothing else does.';
    expect(told(UNWELL, forward(false))).toEqual(['failed', left, 5]);
    expect(told(UNWELL, forward(false), null)).toEqual(['failed', left, 4]);
  });

  it('says that nothing serves where that is so', () => {
    expect(told(UNWELL, back(null))).toEqual(['undone', 'Nothing serves.', 5]);
    expect(told(UNWELL, back(null), null)).toEqual(['undone', 'Nothing serves.', 4]);
    expect(told(BUG, null)).toEqual(['undone', 'Nothing serves.', 1]);
  });
});

describe('a run after which nginx is silent', () => {
  const silence = new DeployError('needsHuman', { what: 'nginx does not answer.', next: 'look' });

  it('needs a human, however well it went before', () => {
    const ending = unheard({ outcome: 'done', live: TO }, TO, silence);
    expect(ending).toMatchObject({ outcome: 'failed', live: TO, cause: 'nginx does not answer.' });
    const left = 'green (r2) is live, and people do not get to it.';
    expect(ending.error).toMatchObject({
      exitCode: 5,
      trouble: { what: 'nginx does not answer.', left, next: 'look' },
    });
  });

  it('tells the failure before, too', () => {
    const before = endingOf({ intent: 'deploy', from: FROM }, UNWELL, back(FROM), 'the log');
    const { error } = unheard(before, FROM, silence);
    expect(error).toMatchObject({ exitCode: 5, message: 'It is not well. Then: nginx does not answer.' });
  });
});
