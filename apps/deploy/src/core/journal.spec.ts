import { parseJournal, unfinishedRun, type JournalEntry } from './journal';

const to = { colour: 'green', release: 'r2' } as const;
const begin: JournalEntry = { phase: 'begin', run: '1', intent: 'deploy', from: null, to };
const before = (step: string): JournalEntry => ({ phase: 'before', run: '1', step });
const after = (step: string): JournalEntry => ({ phase: 'after', run: '1', step });
const end: JournalEntry = { phase: 'end', run: '1', outcome: 'done' };

describe('the journal', () => {
  it('is silent about runs that came to their end', () => {
    expect(unfinishedRun([])).toBeNull();
    expect(unfinishedRun([begin, before('start'), after('start'), end])).toBeNull();
  });

  it('names the last step that a dead deployer had begun', () => {
    const run = unfinishedRun([begin, before('start'), after('start'), before('health')]);
    expect(run).toMatchObject({ to, lastStep: 'health', verified: false });
  });

  it('counts a switch as verified when the verification was ticked off, not when it was announced', () => {
    expect(unfinishedRun([begin, before('verify')])?.verified).toBe(false);
    expect(unfinishedRun([begin, before('verify'), after('verify')])?.verified).toBe(true);
  });

  it('does not take the verification of an undoing for that of the deploy', () => {
    expect(unfinishedRun([begin, after('recover:verify')])?.verified).toBe(false);
  });

  it('lives with a last line that was torn by a power loss', () => {
    const whole = [begin, before('start')].map((entry) => JSON.stringify(entry));
    const entries = parseJournal([...whole, '{"phase":"after","run":"1","st']);
    expect(entries).toHaveLength(2);
    expect(unfinishedRun(entries)?.lastStep).toBe('start');
  });

  it('skips lines that are no entries', () => {
    expect(parseJournal(['', 'null', '{"phase":"later"}', JSON.stringify(begin)])).toEqual([begin]);
  });
});
