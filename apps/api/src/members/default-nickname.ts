import { LIMITS } from '../http/limits';
import type { MemberAtWork } from './members.repository';

const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/** The nickname of a member in a study that asks for none: their own, or as much of the name as fits. */
export function defaultNickname({ nickname, name }: Pick<MemberAtWork, 'nickname' | 'name'>): string {
  const characters = [...segmenter.segment(name)].slice(0, LIMITS.nickname.max);
  return nickname ?? characters.map(({ segment }) => segment).join('');
}
