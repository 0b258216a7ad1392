import type { DomainError } from '@app/kernel';
import * as admin from '../admin/admin.errors';
import * as auth from '../auth/auth.errors';
import * as calendarFeed from '../calendar-feed/calendar-feed.errors';
import * as contents from '../contents/contents.errors';
import { InvalidRequest } from '../http/field-error';
import * as http from '../http/http.errors';
import * as identities from '../identities/identities.errors';
import * as idempotency from '../idempotency/idempotency.errors';
import * as leaving from '../leaving/leaving.errors';
import * as members from '../members/members.errors';
import * as oauth from '../oauth/oauth.errors';
import * as participants from '../participants/participants.errors';
import * as polling from '../polling/polling.errors';
import * as sessions from '../sessions/sessions.errors';
import * as steps from '../steps/steps.errors';
import * as studies from '../studies/studies.errors';
import * as throttling from '../throttling/throttling.errors';

type ErrorClass = new () => DomainError;

const CLASSES: readonly ErrorClass[] = [
  ...Object.values(members),
  ...Object.values(leaving),
  ...Object.values(contents),
  ...Object.values(participants),
  ...Object.values(studies),
  ...Object.values(steps),
  ...Object.values(polling),
  ...Object.values(auth),
  ...Object.values(admin),
  ...Object.values(sessions),
  ...Object.values(oauth),
  ...Object.values(identities),
  ...Object.values(throttling),
  InvalidRequest,
  ...Object.values(http),
  ...Object.values(idempotency),
  ...Object.values(calendarFeed),
];

/** Every failure that the service answers with, by code. */
export const ERROR_CATALOGUE: readonly DomainError[] = CLASSES.map((ErrorClass) => new ErrorClass()).sort(
  (a, b) => a.code - b.code,
);
