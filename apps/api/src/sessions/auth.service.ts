import { Injectable } from '@nestjs/common';
import { MembersService } from '../members/members.service';
import { TokenService } from '../auth/token.service';

@Injectable()
export class AuthService {
  constructor(
    private readonly members: MembersService,
    private readonly tokens: TokenService,
  ) {}

  /** @returns the access token of a new guest */
  async loginAsGuest(): Promise<string> {
    return this.tokens.forGuest(await this.members.openGuest());
  }
}
