import { missingVariables } from './required-variables';

describe('variables that somebody needs', () => {
  it('are missing when they are unset or empty', () => {
    const env = { SET: 'x', BLANK: ' ', EMPTY: '' };
    expect(missingVariables(['SET', 'BLANK', 'EMPTY', 'UNSET'], env)).toEqual(['EMPTY', 'UNSET']);
  });
});
