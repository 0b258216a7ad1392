import { LIMITS } from '../http/limits';
import { charactersOf } from '../http/plain-text';
import type { MemberAtWork } from './members.repository';

/** The nickname of a member in a study that asks for none: their own, or as much of the name as fits. */
export function defaultNickname({ nickname, name }: Pick<MemberAtWork, 'nickname' | 'name'>): string {
  return nickname ?? charactersOf(name).slice(0, LIMITS.nickname.max).join('');
}
