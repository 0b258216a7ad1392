import { renderProgress, type RunningStep } from './progress';

const aStep = (changes: Partial<RunningStep> = {}): RunningStep => ({
  text: 'wait until blue (r1) has nothing under way',
  index: 6,
  total: 8,
  share: 0.5,
  note: '12 sockets left',
  elapsedMs: 4_180,
  ...changes,
});

describe('the progress of a run', () => {
  it('is a line with the share of the steps, the step, and how far that is', () => {
    const text = 'wait until blue (r1) has nothing under way';
    expect(renderProgress(aStep(), 120)).toBe(`  81 %  ${text}  (50 %, 12 sockets left, 4.2 s)`);
    expect(renderProgress(aStep({ share: null, note: '', index: 0 }), 120)).toBe(`   0 %  ${text}  (4.2 s)`);
    expect(renderProgress(aStep({ index: 7, share: 1 }), 120)).toContain(' 100 %  ');
  });

  it('fits the terminal: the step is cut, what changes is not', () => {
    const line = renderProgress(aStep(), 60);
    expect(line).toBe('  81 %  wait until blue (r…  (50 %, 12 sockets left, 4.2 s)');
    expect(line.length).toBe(59);
    for (const columns of [0, 1, 10, 40]) {
      expect(renderProgress(aStep(), columns).length).toBeLessThan(Math.max(1, columns));
    }
  });
});
