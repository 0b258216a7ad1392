import { ApiProperty } from '@nestjs/swagger';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, IsTextOf, UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import { ReturnNotListed, UnknownProvider } from '../../oauth/oauth.errors';
import { isProvider, PROVIDERS, type Provider } from '../../oauth/provider-profile';

/** One of the providers, in lower case. */
export const IsProvider = () =>
  fieldRule('isProvider', `must be one of ${PROVIDERS.join(', ')}`, UnknownProvider, isProvider);

export class LoginDto {
  @ApiProperty({ description: 'the login provider', enum: PROVIDERS, example: 'google' })
  @IsProvider()
  readonly oauthProvider: Provider;

  @ApiProperty({
    description: 'what the provider gave to the page of `OAUTH_…_REDIRECT_URI`',
    minLength: LIMITS.providerCode.min,
    maxLength: LIMITS.providerCode.max,
    example: '4/0AbCd',
  })
  @IsTextOf(LIMITS.providerCode, InvalidRequest)
  readonly code: string;
}

/** Where a login by redirects is to end. */
export class BeginLoginQuery {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiProperty({
    description: 'one of `OAUTH_RETURN_URLS`, to the letter',
    minLength: LIMITS.returnTo.min,
    maxLength: LIMITS.returnTo.max,
    example: 'https://haru.example/',
  })
  @IsTextOf(LIMITS.returnTo, ReturnNotListed)
  readonly returnTo: string;
}
