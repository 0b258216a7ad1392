import { Module } from '@nestjs/common';
import { ErrorCodesController } from './error-codes.controller';

@Module({ controllers: [ErrorCodesController] })
export class ErrorCodesModule {}
