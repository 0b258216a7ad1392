import { Controller, Get, Headers, Res } from '@nestjs/common';
import { ApiProduces, ApiProperty, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { STATUS_OF, titleOf } from '../http/problem';
import { ERROR_CATALOGUE } from './catalogue';
import { ERROR_CODES_PAGE } from './error-codes.page';

export class ErrorCodeDto {
  @ApiProperty({ type: 'integer', description: 'never reused', minimum: 1000, example: 1302 })
  readonly code: number;

  @ApiProperty({ type: 'integer', description: 'HTTP status', minimum: 400, maximum: 599, example: 404 })
  readonly status: number;

  @ApiProperty({ description: 'name of the failure', example: 'Study not found' })
  readonly title: string;

  @ApiProperty({ description: 'Korean text to show to people', example: '해당하는 스터디가 없습니다.' })
  readonly message: string;

  @ApiProperty({ description: 'for developers', example: 'No study has this id.' })
  readonly detail: string;
}

export class ErrorCodesDto {
  @ApiProperty({ type: [ErrorCodeDto], description: 'by code' })
  readonly errorCodes: readonly ErrorCodeDto[];
}

const CATALOGUE: ErrorCodesDto = {
  errorCodes: ERROR_CATALOGUE.map((error) => ({
    code: error.code,
    status: STATUS_OF[error.kind],
    title: titleOf(error),
    message: error.message,
    detail: error.detail,
  })),
};

@ApiTags('error codes')
@Public()
@Controller('api/v2/error-code')
export class ErrorCodesController {
  @Get()
  @ApiProduces('text/html', 'application/json')
  @ApiResponse({ status: 200, description: 'every error code', type: ErrorCodesDto })
  @Describe({
    summary: 'Lists every error code',
    description: 'A page for people; JSON for those who accept that and not HTML.',
    success: { status: 200, description: 'every error code', type: ErrorCodesDto },
  })
  list(
    @Headers('accept') accept: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): ErrorCodesDto | string {
    void reply.header('Vary', [reply.getHeader('Vary') ?? [], 'Accept'].flat().join(', '));
    if (wantsJson(accept)) return CATALOGUE;
    void reply.type('text/html; charset=utf-8');
    return ERROR_CODES_PAGE;
  }
}

/** Browsers name HTML; a client that names JSON and no HTML wants JSON. */
function wantsJson(accept = '*/*'): boolean {
  return /\bapplication\/(?:[a-z.]+\+)?json\b/i.test(accept) && !/\btext\/html\b/i.test(accept);
}
