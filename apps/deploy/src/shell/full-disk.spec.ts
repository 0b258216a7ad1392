import { asDeployError } from './full-disk';

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code });
}

describe('a failure that this tool did not expect', () => {
  it.each(['EACCES', 'EPERM'])('is no bug where the account may not do something: %s', (code) => {
    const told = asDeployError(failure(code, "permission denied, readlink '/run/haru/live.sock'"));
    expect(told.exitCode).toBe(5);
    expect(told.message).toContain("readlink '/run/haru/live.sock'");
    expect(told.trouble.next).toContain('run the command as the account that deploys');
  });

  it.each(['ENOSPC', 'EROFS'])('is no bug where the disk takes nothing: %s', (code) => {
    expect(asDeployError(failure(code, 'write')).exitCode).toBe(5);
  });

  it('is a bug where it is anything else, with its stack', () => {
    const told = asDeployError(new TypeError('x is not a function'));
    expect([told.exitCode, told.trouble.details?.length]).toEqual([1, expect.any(Number)]);
  });
});
