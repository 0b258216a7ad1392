/** Question to answer. */
type Answers = Readonly<Record<string, string>>;

const BETWEEN = '\n\n';

/**
 * Joins what one person has written in two places. Of two answers to a question both stay, one's own first; a blank
 * gives way, and what was written twice stands once.
 */
export function joinAnswers(own: Answers, other: Answers): Answers {
  const joined = new Map(Object.entries(own));
  for (const [question, answer] of Object.entries(other)) {
    joined.set(question, joinAnswer(joined.get(question) ?? '', answer));
  }
  return Object.fromEntries(joined);
}

function joinAnswer(own: string, other: string): string {
  if (own.trim() === '') return other.trim() === '' ? own : other;
  return other.trim() === '' || other.trim() === own.trim() ? own : `${own}${BETWEEN}${other}`;
}
