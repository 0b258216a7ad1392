import { Module } from '@nestjs/common';
import { APP_GUARD } from '@nestjs/core';
import { JwtModule } from '@nestjs/jwt';
import { PassportModule } from '@nestjs/passport';
import type { Config } from '@app/config';
import { CONFIG } from '../config.token';
import { AccessGuard } from './access.guard';
import { CallersService } from './callers.service';
import { JwtStrategy } from './jwt.strategy';
import { TOKEN_RULES, TokenService, tokenKey } from './token.service';

/** Access tokens: who may call. */
@Module({
  imports: [
    PassportModule,
    JwtModule.registerAsync({
      inject: [CONFIG],
      useFactory: (config: Config) => ({
        secret: tokenKey(config),
        signOptions: { algorithm: TOKEN_RULES.algorithm },
      }),
    }),
  ],
  providers: [CallersService, TokenService, JwtStrategy, { provide: APP_GUARD, useClass: AccessGuard }],
  exports: [TokenService],
})
export class AuthModule {}
