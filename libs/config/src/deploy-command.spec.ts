import { loadDeployCommand } from './deploy-command';

describe('what a person types to run the deploy tool', () => {
  it('is the script of the checkout, unless the environment names another', () => {
    expect(loadDeployCommand({})).toBe('npm run deploy --');
    expect(loadDeployCommand({ DEPLOY_COMMAND: 'haru' })).toBe('haru');
    expect(loadDeployCommand({ DEPLOY_COMMAND: ' sudo /usr/local/bin/haru ' })).toBe(
      'sudo /usr/local/bin/haru',
    );
  });

  it.each(['', ' ', 'a"b', "it's", 'a; rm b', '$(id)'])('is never anything else than words: %j', (text) => {
    expect(loadDeployCommand({ DEPLOY_COMMAND: text })).toBe('npm run deploy --');
  });
});
