import { LIMITS } from '../http/limits';
import type { Provider, ProviderProfile } from './provider-profile';

type Fields = Readonly<Record<string, unknown>>;
/** What a provider told, before it is checked. */
interface Told {
  readonly subject: unknown;
  readonly name: unknown;
  readonly email: unknown;
  readonly isEmailVerified: boolean;
  readonly imageUrl: unknown;
}

/** For those who have not told their name. */
const NAMELESS = '이름 없는 회원';
const CONTROL = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}]/gu;
/** Something to see: not a blank, not a character that leaves no mark (U+200B, U+3164). */
const VISIBLE = /[^\p{Z}\p{C}\p{Default_Ignorable_Code_Point}]/u;
const EMAIL = /^[^\s@]+@[^\s@]+$/;
const segmenter = new Intl.Segmenter('ko', { granularity: 'grapheme' });

/**
 * Where each provider tells what. Google has two forms, OpenID Connect's and an older one; Naver does not say whether
 * an e-mail is verified.
 */
const TOLD_BY: Readonly<Record<Provider, (answer: Fields) => Told>> = {
  google: ({ sub, id, name, email, email_verified, verified_email, picture }) => ({
    subject: sub ?? id,
    name,
    email,
    isEmailVerified: (email_verified ?? verified_email) === true,
    imageUrl: picture,
  }),
  kakao: ({ id, kakao_account, properties }) => {
    const account = fieldsOf(kakao_account);
    const profile = fieldsOf(account['profile']);
    const older = fieldsOf(properties);
    return {
      subject: id,
      name: profile['nickname'] ?? older['nickname'],
      email: account['email'],
      isEmailVerified: account['is_email_valid'] === true && account['is_email_verified'] === true,
      imageUrl: profile['profile_image_url'] ?? older['profile_image'],
    };
  },
  naver: ({ response }) => {
    const { id, nickname, name, email, profile_image } = fieldsOf(response);
    return { subject: id, name: nickname ?? name, email, isEmailVerified: false, imageUrl: profile_image };
  },
};

/**
 * Whom a provider's answer is about.
 *
 * @param answer parsed JSON of the provider's user info
 * @returns `undefined` when it does not say who somebody is; all else may be missing
 */
export function profileOf(provider: Provider, answer: unknown): ProviderProfile | undefined {
  const told = TOLD_BY[provider](fieldsOf(answer));
  const subject = subjectOf(told.subject);
  if (subject === undefined) return undefined;
  return {
    provider,
    subject,
    name: nameOf(told.name),
    email: told.isEmailVerified ? emailOf(told.email) : null,
    imageUrl: imageUrlOf(told.imageUrl),
  };
}

/** A number beyond those that JSON keeps exactly could be another person's. */
function subjectOf(subject: unknown): string | undefined {
  if (Number.isSafeInteger(subject)) return String(subject);
  if (typeof subject !== 'string' || subject === '' || subject.search(CONTROL) >= 0) return undefined;
  return subject.length <= LIMITS.providerTold.subject ? subject : undefined;
}

/** Cut between characters as people see them, never inside of one. */
function nameOf(name: unknown): string {
  if (typeof name !== 'string') return NAMELESS;
  const clean = name.normalize('NFC').replace(CONTROL, '').trim();
  let cut = '';
  for (const { segment } of segmenter.segment(clean)) {
    if ([...cut, ...segment].length > LIMITS.providerTold.name) break;
    cut += segment;
  }
  return VISIBLE.test(cut) ? cut.trim() : NAMELESS;
}

function emailOf(email: unknown): string | null {
  if (typeof email !== 'string' || email.length > LIMITS.providerTold.email) return null;
  return EMAIL.test(email) && email.search(CONTROL) < 0 ? email : null;
}

function imageUrlOf(url: unknown): string | null {
  if (typeof url !== 'string' || url.length > LIMITS.providerTold.imageUrl || !URL.canParse(url)) return null;
  const { protocol, href } = new URL(url);
  if (protocol !== 'https:' && protocol !== 'http:') return null;
  return href.length <= LIMITS.providerTold.imageUrl ? href : null;
}

function fieldsOf(value: unknown): Fields {
  return typeof value === 'object' && value !== null ? (value as Fields) : {};
}
