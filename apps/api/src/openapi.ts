import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { ADMIN_COOKIE } from './admin/for-admins';

const INTRODUCTION = `하루스터디: people study online, alone or in rooms, in planned cycles: plan, study, look back.

**Try it**: \`POST /api/v2/auth/guest\`, copy the \`accessToken\` into *Authorize*, then \`POST /api/v2/solo-studies\`.

Every failure has one shape (\`application/problem+json\`): steer by \`code\`, show \`message\` to people. All codes:
[/api/v2/error-code](/api/v2/error-code). Instants are ISO 8601 in UTC, with \`Z\`. Every answer carries \`X-Request-Id\` and
\`X-Release\`.`;

/** Describes the whole service. */
export function openApiDocument(app: NestFastifyApplication): OpenAPIObject {
  const description = new DocumentBuilder()
    .setTitle('하루스터디 API')
    .setDescription(INTRODUCTION)
    .setVersion('2')
    .addBearerAuth({ type: 'http', scheme: 'bearer', bearerFormat: 'JWT', description: 'access token' })
    .addCookieAuth(
      'JSESSIONID',
      { type: 'apiKey', in: 'cookie', description: 'session of an administrator, by POST /api/admin/login' },
      ADMIN_COOKIE,
    )
    .build();
  return SwaggerModule.createDocument(app, description, {
    operationIdFactory: (controller, method) => `${controller.replace('Controller', '')}_${method}`,
  });
}

/** Serves the document and Swagger UI. */
export function serveOpenApi(app: NestFastifyApplication): void {
  SwaggerModule.setup('swagger-ui', app, () => openApiDocument(app), {
    jsonDocumentUrl: '/v3/api-docs',
    yamlDocumentUrl: '/v3/api-docs.yaml',
    customSiteTitle: '하루스터디 API',
    swaggerOptions: { persistAuthorization: true, displayRequestDuration: true, tryItOutEnabled: true },
  });
}
