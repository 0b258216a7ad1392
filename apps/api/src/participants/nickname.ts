import { LIMITS } from '../http/limits';
import { NicknameInvalid } from './participants.errors';

const { min, max } = LIMITS.nickname;

/**
 * Checks a nickname as the contract has it: 1 to 10 UTF-16 units.
 *
 * @throws NicknameInvalid
 */
export function checkNickname(nickname: unknown): string {
  if (typeof nickname === 'string' && nickname.length >= min && nickname.length <= max) return nickname;
  const reason = `must be a text of ${min} to ${max} characters`;
  throw new NicknameInvalid([{ path: 'nickname', reason, code: new NicknameInvalid().code }]);
}
