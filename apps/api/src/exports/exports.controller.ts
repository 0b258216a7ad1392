import type { Readable } from 'node:stream';
import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { TheCaller } from '../auth/caller.decorator';
import { DescribeForMember } from '../auth/describe-member';
import type { Caller } from '../auth/jwt.strategy';
import { LooksUpCaller } from '../auth/looks-up-caller.decorator';
import { MemberNotFound } from '../members/members.errors';
import { ExportDto } from './dto/export.dto';
import { ExportsService, type ExportedFile } from './exports.service';

const HEADERS = {
  'Content-Disposition': 'a name for the file, with the day in it',
  'Cache-Control': '`no-store`',
};

@ApiTags('records')
@LooksUpCaller()
@Controller('api/v2/me')
export class ExportsController {
  constructor(private readonly exports: ExportsService) {}

  @Get('export')
  @DescribeForMember({
    summary: 'Gives the caller all that the service holds about them',
    description:
      'As a file: profile, logins, studies, and all that the caller wrote. What runs out within a day by itself ' +
      '(invitations, answers to an Idempotency-Key) is not in it.',
    success: { status: 200, description: 'the file', type: ExportDto, headers: HEADERS },
    errors: [MemberNotFound],
  })
  async json(
    @TheCaller() caller: Caller,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable> {
    return send(reply, 'application/json; charset=utf-8', await this.exports.json(caller));
  }

  @Get('export.csv')
  @DescribeForMember({
    summary: "Gives the caller's studies for a spreadsheet",
    description:
      'A line for each cycle, oldest first (RFC 4180, UTF-8 with a mark by which Excel knows it). A text that would begin ' +
      'a formula has an apostrophe before it.',
    success: {
      status: 200,
      description: 'the file',
      type: String,
      contentType: 'text/csv',
      headers: HEADERS,
    },
    errors: [MemberNotFound],
  })
  async csv(@TheCaller() caller: Caller, @Res({ passthrough: true }) reply: FastifyReply): Promise<Readable> {
    return send(reply, 'text/csv; charset=utf-8; header=present', await this.exports.csv(caller));
  }
}

/** A stream, not Nest's file: that would end a file that breaks off as if it were whole. */
function send(reply: FastifyReply, type: string, { name, content }: ExportedFile): Readable {
  void reply
    .header('Content-Type', type)
    .header('Content-Disposition', `attachment; filename="${name}"`)
    .header('Cache-Control', 'no-store');
  return content;
}
