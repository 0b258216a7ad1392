import { loadOperator } from './operator';

describe('who asked for a command', () => {
  it.each([
    ['the person who pushed, in a pipeline of GitHub', { GITHUB_ACTOR: 'mina', SUDO_USER: 'root' }, 'mina'],
    ['the person who pushed, in a pipeline of GitLab', { GITLAB_USER_LOGIN: 'joon' }, 'joon'],
    ['whoever became root for it', { SUDO_USER: 'haru' }, 'haru'],
    ['nobody, where only blanks are written', { GITHUB_ACTOR: ' ', SUDO_USER: '' }, null],
    ['nobody, where nothing says so', {}, null],
  ])('is %s', (_, env, name) => {
    expect(loadOperator(env)).toBe(name);
  });
});
