import { Injectable } from '@nestjs/common';
import { Statements, Transactor } from '@app/database';
import type { Member, ProfileWish } from './member.entity';
import { MemberNotFound } from './members.errors';
import { MembersRepository } from './members.repository';
import { MembersService, type MemberView } from './members.service';

/** A member as new clients see themselves. */
export interface ProfileView extends MemberView {
  readonly nickname: string | null;
  readonly timeZone: string;
}

const PROFILE =
  'SELECT id AS memberId, name, email, image_url AS imageUrl, login_type AS loginType, nickname, ' +
  'time_zone AS timeZone FROM member WHERE id = ?';

/** What members say of themselves. */
@Injectable()
export class ProfileService {
  constructor(
    private readonly transactor: Transactor,
    private readonly statements: Statements,
    private readonly members: MembersService,
    private readonly repository: MembersRepository,
  ) {}

  /** @throws MemberNotFound */
  async get(memberId: number): Promise<ProfileView> {
    const [profile] = await this.statements.select<ProfileView>(PROFILE, [memberId]);
    if (profile === undefined) throw new MemberNotFound();
    return profile;
  }

  /** @throws MemberNotFound; InvalidAccessToken for one who has left the service */
  change(memberId: number, wish: ProfileWish): Promise<ProfileView> {
    return this.transactor.write(async (em) => {
      const member = await this.members.getForUpdate(em, memberId);
      member.describe(wish);
      await this.repository.update(em, member);
      return toView(member);
    });
  }
}

function toView({ id, name, email, imageUrl, loginType, nickname, timeZone }: Member): ProfileView {
  return { memberId: id, name, email, imageUrl, loginType, nickname, timeZone };
}
