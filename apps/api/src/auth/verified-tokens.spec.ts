import { VerifiedTokens } from './verified-tokens';

const END_MS = Date.UTC(2026, 2, 3);
const caller = (memberId: number) => ({ memberId, tokenVersion: 0, sessionId: null, expiresAtMs: END_MS });

describe('the memory of verified tokens', () => {
  it('knows whose a token is until its life is over, to the millisecond', () => {
    const tokens = new VerifiedTokens();
    tokens.remember('a', caller(1));
    expect(tokens.find('a', new Date(END_MS - 1))).toEqual(caller(1));
    expect(tokens.find('a', new Date(END_MS))).toBeUndefined();
    expect(tokens.find('a', new Date(END_MS - 1))).toBeUndefined();
  });

  it('knows nothing of other tokens', () => {
    expect(new VerifiedTokens().find('a', new Date(0))).toBeUndefined();
  });

  it('forgets the oldest one when it is full', () => {
    const tokens = new VerifiedTokens(2);
    for (const [index, token] of ['a', 'b', 'c'].entries()) tokens.remember(token, caller(index));
    expect(['a', 'b', 'c'].map((token) => tokens.find(token, new Date(0))?.memberId)).toEqual([
      undefined,
      1,
      2,
    ]);
  });
});
