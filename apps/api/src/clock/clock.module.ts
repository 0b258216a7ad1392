import { Global, Injectable, Module } from '@nestjs/common';
import { Clock } from '@app/kernel';
import { TimeController } from './time.controller';

@Injectable()
class SystemClock extends Clock {
  now(): Date {
    return new Date();
  }
}

/** Gives everybody the time, and tells it to clients. */
@Global()
@Module({
  controllers: [TimeController],
  providers: [{ provide: Clock, useClass: SystemClock }],
  exports: [Clock],
})
export class ClockModule {}
