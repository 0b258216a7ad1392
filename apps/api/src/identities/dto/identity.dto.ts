import { ApiProperty } from '@nestjs/swagger';
import { InvalidRequest } from '../../http/field-error';
import { LIMITS } from '../../http/limits';
import { fieldRule, IsTextOf, UNKNOWN_FIELDS_REFUSED } from '../../http/validation';
import { LoginDto } from '../../login/dto/login.dto';
import { ReturnNotListed } from '../../oauth/oauth.errors';
import { PROVIDERS } from '../../oauth/provider-profile';
import { CHOICES, type Choice } from '../choice';

export class IdentityDto {
  @ApiProperty({ enum: PROVIDERS, description: 'the login provider', example: 'google' })
  readonly provider: string;

  @ApiProperty({
    description: 'since when the member logs in by it',
    format: 'date-time',
    example: '2026-03-03T06:46:48.123Z',
  })
  readonly linkedAt: string;
}

export class IdentitiesDto {
  @ApiProperty({ type: [IdentityDto], description: 'the oldest first; one of a provider at most' })
  readonly identities: readonly IdentityDto[];
}

export class LinkIdentityDto extends LoginDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;
}

export class StartLinkingDto {
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

export class AuthorizeUrlDto {
  @ApiProperty({
    description: "the provider's page, to be opened in this browser",
    example: 'https://accounts.google.com/o/oauth2/v2/auth?client_id=…',
  })
  readonly authorizeUrl: string;
}

export class ConfirmDto {
  static readonly [UNKNOWN_FIELDS_REFUSED] = true;

  @ApiProperty({
    description: 'as it came with 1410',
    minLength: LIMITS.confirmation.min,
    maxLength: LIMITS.confirmation.max,
    example: 'V0q6fM1tC3mWbXw2nQ9yJr8sLk5pZ7aE4uHdGiTxOoY',
  })
  @IsTextOf(LIMITS.confirmation, InvalidRequest)
  readonly confirmation: string;

  @ApiProperty({ enum: CHOICES, description: 'one of the `choices` that came with 1410', example: 'merge' })
  @fieldRule('isChoice', `must be one of ${CHOICES.join(', ')}`, InvalidRequest, isChoice)
  readonly choice: Choice;
}

function isChoice(value: unknown): boolean {
  return CHOICES.some((choice) => choice === value);
}
