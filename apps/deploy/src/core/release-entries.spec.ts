import { digestText, entryProblems, type Entry } from './release-entries';

const file = (path: string, changes: Partial<Entry> = {}): Entry => ({
  path,
  kind: 'file',
  bytes: 1,
  executable: false,
  content: 'hash',
  ...changes,
});
const link = (path: string, content: string): Entry => file(path, { kind: 'link', content });
const folder = (path: string): Entry => file(path, { kind: 'folder', content: '' });

describe('what is in a release', () => {
  it('stays in its folder: files, folders, and links that point inside', () => {
    const entries = [
      folder('bin'),
      file('bin/node'),
      link('node_modules/.bin/semver', '../semver/bin/semver.js'),
      link('current', './dist'),
      link('a/b/c', '../../dist/main.js'),
    ];
    expect(entryProblems(entries)).toEqual([]);
  });

  it.each([
    ['/etc/passwd', file('/etc/passwd')],
    ['a/../../b', file('a/../../b')],
    ['..', folder('..')],
    ['a//b', file('a//b')],
    ['a\\b', file('a\\b')],
    ['a link to /etc', link('etc', '/etc')],
    ['a link to ..', link('up', '..')],
    ['a link one too far up', link('a/up', '../..')],
    ['a link that goes up behind a name, which may be a link itself', link('a/b/up', 'other/../../../x')],
    ['a link to nothing', link('nothing', '')],
    ['a device', file('null', { kind: 'other' })],
  ])('is refused when it could be elsewhere: %s', (_, entry) => {
    expect(entryProblems([entry])).toHaveLength(1);
  });

  it('is refused when it lies behind a link, or is there twice', () => {
    expect(entryProblems([link('a', 'b'), file('a/c/d')])).toEqual(['"a/c/d" lies behind the link a']);
    expect(entryProblems([file('a/c/d'), link('a', 'b')])).toEqual(['"a/c/d" lies behind the link a']);
    expect(entryProblems([file('a'), file('a')])).toEqual(['"a" is in it twice']);
  });

  it('is refused in few words, however much is wrong', () => {
    const entries = Array.from({ length: 1_000 }, (_, index) => file(`../${index}`));
    expect(entryProblems(entries)).toHaveLength(6);
    expect(entryProblems(entries).at(-1)).toBe('and 995 more of that kind');
  });
});

describe('the digest of a release', () => {
  const entries = [file('b'), file('a', { executable: true }), link('c', 'a')];

  it('does not depend on the order, on folders, or on what it says about itself', () => {
    const more = [folder('x'), file('manifest.json'), file('.unpacked.json'), ...entries].reverse();
    expect(digestText(more)).toBe(digestText(entries));
  });

  it.each([
    ['other content', [file('b', { content: 'other' })]],
    ['another name', [file('c')]],
    ['a program', [file('b', { executable: true })]],
    ['a link instead', [link('b', 'hash')]],
    ['one more', [file('b'), file('d/manifest.json')]],
    ['two names in one', [file('b" file - "hash"\n"x')]],
  ])('depends on everything else: %s', (_, changed) => {
    expect(digestText(changed)).not.toBe(digestText([file('b')]));
  });
});
