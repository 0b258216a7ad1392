import { Module, type DynamicModule } from '@nestjs/common';
import type { Config } from '@app/config';
import { CONFIG } from './config.token';

/** Hands the settings of the process to whoever injects {@link CONFIG}. */
@Module({})
export class ConfigModule {
  static register(config: Config): DynamicModule {
    return {
      module: ConfigModule,
      global: true,
      providers: [{ provide: CONFIG, useValue: config }],
      exports: [CONFIG],
    };
  }
}
