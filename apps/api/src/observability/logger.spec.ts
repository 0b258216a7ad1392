import { loadConfig } from '@app/config';
import { createLogger } from './logger';

const SECRET = 'hunter2-hunter2-hunter2-hunter2-hunter2';

function logged(write: (logger: ReturnType<typeof createLogger>) => void, env: Record<string, string> = {}) {
  const lines: string[] = [];
  const config = loadConfig({
    DATABASE_URL: 'mysql://root@localhost/haru',
    JWT_SECRET: SECRET,
    RELEASE: 'r42',
    COLOUR: 'green',
    ...env,
  });
  write(createLogger(config, { write: (line) => void lines.push(line) }));
  return { text: lines.join(''), lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('a line of the log', () => {
  it('says which release, which colour and which process wrote it', () => {
    const { lines } = logged((logger) => logger.info('hello'));
    expect(lines).toEqual([
      expect.objectContaining({ msg: 'hello', release: 'r42', colour: 'green', pid: process.pid }),
    ]);
  });

  it('is written from the level that the settings say', () => {
    const write = (logger: ReturnType<typeof createLogger>) => {
      logger.debug('debug');
      logger.info('info');
      logger.warn('warn');
    };
    expect(logged(write, { LOG_LEVEL: 'debug' }).lines.map(({ msg }) => msg)).toEqual([
      'debug',
      'info',
      'warn',
    ]);
    expect(logged(write, { LOG_LEVEL: 'warn' }).lines.map(({ msg }) => msg)).toEqual(['warn']);
    expect(logged(write, { LOG_LEVEL: 'silent' }).lines).toEqual([]);
  });
});

describe('a secret', () => {
  const NAMES = [
    'authorization',
    'cookie',
    'set-cookie',
    'accessToken',
    'refreshToken',
    'password',
    'secret',
  ];

  it.each(NAMES)('named %s is never written, at any depth at which things are logged', (name) => {
    const { text } = logged((logger) => {
      logger.info({ [name]: SECRET });
      logger.info({ headers: { [name]: SECRET } });
      logger.info({ request: { headers: { [name]: SECRET } } });
    });
    expect(text).not.toContain(SECRET);
    expect(text.match(/\[redacted\]/g)).toHaveLength(3);
  });

  it('is not confused with the code of a failure, which stays', () => {
    const { lines } = logged((logger) => logger.info({ code: 1302 }));
    expect(lines).toEqual([expect.objectContaining({ code: 1302 })]);
  });
});

describe('an error of the database in the log', () => {
  const failure = (message: string) =>
    Object.assign(new Error(message), {
      name: 'QueryFailedError',
      code: 'ER_DUP_ENTRY',
      sqlMessage: message,
      query: `INSERT INTO content (plan) VALUES ('${SECRET}')`,
      parameters: [SECRET],
      driverError: { sql: `INSERT INTO content (plan) VALUES ('${SECRET}')` },
    });

  it('says what and where, and holds neither the statement nor its values', () => {
    const { text, lines } = logged((logger) => logger.error({ err: failure("Unknown column 'x'") }, 'oops'));
    expect(lines).toEqual([
      expect.objectContaining({
        err: {
          type: 'QueryFailedError',
          code: 'ER_DUP_ENTRY',
          message: "Unknown column 'x'",
          stack: expect.stringContaining('logger.spec.ts') as unknown,
        },
      }),
    ]);
    expect(text).not.toContain(SECRET);
  });

  it.each([
    `Duplicate entry '${SECRET}' for key 'member_email'`,
    `Duplicate entry '7-it's ${SECRET}' for key 'member_email'`,
    `Incorrect string value: '${SECRET}' for column \`haru\`.\`study\`.\`name\` at row 1`,
    `Incorrect integer value: '${SECRET}' for column \`haru\`.\`study\`.\`id\` at row 1`,
    `Truncated incorrect DOUBLE value: '${SECRET}'`,
    `You have an error in your SQL syntax; check the manual for the right syntax to use near '${SECRET}' at line 1`,
  ])('does not quote the value that the database quotes: %s', (message) => {
    const { text } = logged((logger) => logger.error({ err: failure(message) }, 'oops'));
    expect(text).not.toContain(SECRET);
    expect(text).toContain(message.split("'")[0]);
  });
});

describe('any other error in the log', () => {
  it('has its message and its stack as they are', () => {
    const { lines } = logged((logger) =>
      logger.error({ err: new TypeError("no property 'x' of undefined") }),
    );
    expect(lines).toEqual([
      expect.objectContaining({
        err: expect.objectContaining({
          type: 'TypeError',
          message: "no property 'x' of undefined",
          stack: expect.stringContaining("TypeError: no property 'x' of undefined") as unknown,
        }) as unknown,
      }),
    ]);
  });

  it('that is no Error at all is written as it is', () => {
    const { lines } = logged((logger) => logger.error({ err: 'just words' }));
    expect(lines).toEqual([expect.objectContaining({ err: 'just words' })]);
  });
});
