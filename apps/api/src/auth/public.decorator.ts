import { SetMetadata } from '@nestjs/common';

export const IS_PUBLIC = 'isPublic';

/** Opens a route to everybody; a stale `Authorization` header is then ignored. */
export const Public = () => SetMetadata(IS_PUBLIC, true);
