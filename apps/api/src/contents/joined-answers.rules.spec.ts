import { joinAnswers } from './joined-answers.rules';

describe('what one person wrote in two places', () => {
  it.each([
    ['keeps every question', { toDo: 'a' }, { lesson: 'b' }, { toDo: 'a', lesson: 'b' }],
    ["lets one's own blank give way", { toDo: ' ' }, { toDo: 'b' }, { toDo: 'b' }],
    ["keeps one's own before the other's blank", { toDo: 'a' }, { toDo: '\n' }, { toDo: 'a' }],
    ['keeps two answers, own first', { toDo: 'a' }, { toDo: 'b' }, { toDo: 'a\n\nb' }],
    ['keeps once what was written twice', { toDo: 'a' }, { toDo: ' a\n' }, { toDo: 'a' }],
    ['keeps two blanks as they were', { toDo: '' }, { toDo: ' ' }, { toDo: '' }],
    ['knows questions that are called as every object is', {}, { toString: 'b' }, { toString: 'b' }],
    ['has nothing when nothing was written', {}, {}, {}],
  ])('%s', (_title, own, other, joined) => {
    expect(joinAnswers(own, other)).toEqual(joined);
  });
});
