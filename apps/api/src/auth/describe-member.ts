import { describeWith } from '../http/describe';
import { InvalidAccessToken, InvalidAuthorizationHeader } from './auth.errors';

/** Documents a route that wants an access token. */
export const DescribeForMember = describeWith([InvalidAccessToken, InvalidAuthorizationHeader]);
