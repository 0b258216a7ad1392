import { applyDecorators, UseGuards } from '@nestjs/common';
import { ApiCookieAuth, ApiTags } from '@nestjs/swagger';
import { NotAllowed } from '../auth/auth.errors';
import { Public } from '../auth/public.decorator';
import { Describe } from '../http/describe';
import { AdminGuard } from './admin.guard';

/** Name of the administrators' cookie in the OpenAPI document. */
export const ADMIN_COOKIE = 'adminSession';

/** Opens a controller to administrators, and to nobody else. */
export const ForAdmins = () => applyDecorators(ApiTags('admin'), Public(), UseGuards(AdminGuard));

/** Documents a route of administrators. */
export const DescribeForAdmin = (operation: Parameters<typeof Describe>[0]): MethodDecorator =>
  applyDecorators(
    ApiCookieAuth(ADMIN_COOKIE),
    Describe({ ...operation, errors: [NotAllowed, ...(operation.errors ?? [])] }),
  );
