import { isDumbTerminal } from './terminal';

describe('a terminal', () => {
  it('is dumb when it says so', () => {
    expect(isDumbTerminal({ TERM: 'dumb' })).toBe(true);
    expect(isDumbTerminal({ TERM: 'xterm-256color' })).toBe(false);
    expect(isDumbTerminal({})).toBe(false);
  });
});
