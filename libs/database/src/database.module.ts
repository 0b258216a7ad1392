import { Module, type DynamicModule, type OnApplicationShutdown } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { openDataSource, type EntityClass } from './data-source';
import { DatabaseHealth } from './database-health';
import { Statements } from './statements';
import { Transactor } from './transactor';

/** Holds the connections of the process and closes them last. */
@Module({})
export class DatabaseModule implements OnApplicationShutdown {
  constructor(private readonly dataSource: DataSource) {}

  /**
   * @param settings detectNesting: see Transactor
   * @param entities every entity of the application
   */
  static register(
    settings: Readonly<{ url: string; poolSize: number; detectNesting: boolean }>,
    entities: readonly EntityClass[],
  ): DynamicModule {
    const dataSource = {
      provide: DataSource,
      useFactory: () => openDataSource(settings.url, settings.poolSize, entities),
    };
    const transactor = {
      provide: Transactor,
      inject: [DataSource],
      useFactory: (connected: DataSource) => new Transactor(connected, settings.detectNesting),
    };
    return {
      module: DatabaseModule,
      global: true,
      providers: [dataSource, transactor, Statements, DatabaseHealth],
      exports: [Transactor, Statements, DatabaseHealth],
    };
  }

  async onApplicationShutdown(): Promise<void> {
    await this.dataSource.destroy();
  }
}
