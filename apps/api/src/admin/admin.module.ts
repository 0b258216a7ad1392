import { Module } from '@nestjs/common';
import { ThrottlingModule } from '../throttling/throttling.module';
import { AdminAuthController } from './admin-auth.controller';
import { AdminAuthService } from './admin-auth.service';
import { AuditController } from './audit.controller';
import { AuditService } from './audit.service';

/** Administrators: who they are, and what they have looked at. */
@Module({
  imports: [ThrottlingModule],
  controllers: [AdminAuthController, AuditController],
  providers: [AdminAuthService, AuditService],
  exports: [AdminAuthService, AuditService],
})
export class AdminModule {}
