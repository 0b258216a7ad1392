import { renderAnswers } from './fleet-answers';

const render = (said: unknown): string => (said as { text: string }).text;

describe('what a command said on several hosts', () => {
  it('is told host by host, and nothing of those that had nothing to say', () => {
    const hosts = { a: { text: 'one\n\n two' }, b: { text: '' }, c: { text: 'three' } };
    expect(renderAnswers(hosts, render)).toBe('a  one\na\na   two\nc  three');
  });

  it('is, of the one that was named, what it says itself', () => {
    expect(renderAnswers({ a: { text: 'server {\n}' } }, render, true)).toBe('server {\n}');
  });

  it('is told of those, too, that could not do it', () => {
    const hosts = {
      a: { error: { what: 'Nothing serves.', details: ['look'], next: 'status' }, exitCode: 2 },
      b: { unreachable: 'No route to host' },
      c: { error: 'it ended without a word', exitCode: 5 },
    };
    expect(renderAnswers(hosts, render)).toBe(
      'a  Nothing serves.\na    look\nb  cannot be asked: No route to host\nc  it ended without a word',
    );
  });
});
