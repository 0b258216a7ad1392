import { NotAllowed } from '../auth/auth.errors';
import { NotAParticipant } from '../participants/participants.errors';
import { StepHasChanged } from '../steps/steps.errors';
import { StudyNameInvalid, StudyNotFound } from '../studies/studies.errors';
import { InvalidRequest } from './field-error';
import { titleOf, toProblem } from './problem';

describe('a problem', () => {
  it('has the members of RFC 9457 and the code and message of the contract', () => {
    expect(toProblem(new StudyNotFound())).toEqual({
      type: '/api/v2/error-code#1302',
      title: 'Study not found',
      status: 404,
      detail: 'No study has this id.',
      code: 1302,
      message: '해당하는 스터디가 없습니다.',
    });
  });

  it.each([
    [new NotAllowed(), 'Not allowed'],
    [new NotAParticipant(), 'Not a participant'],
    [new InvalidRequest(), 'Invalid request'],
  ])('has the name of the failure in words as its title', (error, title) => {
    expect(titleOf(error)).toBe(title);
  });

  it('names every wrong field, in the order of the contract', () => {
    const errors = [
      { path: 'name', reason: 'must be a text of 1 to 10 characters', code: 1304 },
      { path: 'totalCycle', reason: 'must be a whole number from 1 to 8', code: 1306 },
    ];
    expect(toProblem(new StudyNameInvalid(errors))).toMatchObject({
      code: 1304,
      detail: 'name must be a text of 1 to 10 characters; totalCycle must be a whole number from 1 to 8',
      errors,
    });
  });

  it('says of the body as a whole what is wrong with it', () => {
    const errors = [{ path: '', reason: 'the body must be a JSON object', code: 1600 }];
    expect(toProblem(new InvalidRequest(errors)).detail).toBe('the body must be a JSON object');
  });

  it('says where the study stands when it is not where the caller has seen it', () => {
    const current = { step: 'studying', cycle: 2, stepStartedAt: '2026-03-03T07:12:02.500Z' };
    expect(toProblem(new StepHasChanged(current))).toMatchObject({ code: 1309, status: 409, current });
  });
});
