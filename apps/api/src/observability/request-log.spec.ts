import { loadConfig } from '@app/config';
import { createRequestLog } from './request-log';

const POLL = {
  requestId: '0f9d1f0a-7d0e-4c0e-9f5e-3c1c8a7a2b11',
  memberId: 12,
  method: 'GET',
  route: '/api/v2/progress',
  status: 200,
  code: undefined,
  durationMs: 1.23456,
  ip: '203.0.113.7',
} as const;
type Fields = Parameters<ReturnType<typeof createRequestLog>>[1];
type Level = Parameters<ReturnType<typeof createRequestLog>>[0];

/** The lines, as they are written and as they are read. */
function logged(LOG_LEVEL: string, ...requests: readonly (readonly [Level, Partial<Fields>])[]) {
  const written: string[] = [];
  const config = loadConfig({
    DATABASE_URL: 'mysql://root@localhost/haru',
    JWT_SECRET: 'x'.repeat(32),
    RELEASE: 'r42',
    COLOUR: 'green',
    LOG_LEVEL,
  });
  const log = createRequestLog(config, { write: (line) => void written.push(line) });
  for (const [level, fields] of requests) log(level, { ...POLL, ...fields });
  return { written, lines: written.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

describe('the line of a request', () => {
  it('has the form of every other line of the log', () => {
    const before = Date.now();
    const { written, lines } = logged('info', ['info', {}]);
    expect(written[0]).toMatch(/^\{.*\}\n$/);
    expect(lines).toEqual([
      {
        level: 30,
        time: expect.any(Number) as unknown,
        release: 'r42',
        colour: 'green',
        pid: process.pid,
        requestId: POLL.requestId,
        memberId: 12,
        method: 'GET',
        route: '/api/v2/progress',
        status: 200,
        durationMs: 1.235,
        ip: '203.0.113.7',
        msg: 'request',
      },
    ]);
    expect(lines[0]?.['time']).toBeGreaterThanOrEqual(before);
  });

  it('has the code of a failure', () => {
    expect(logged('info', ['info', { status: 404, code: 1302 }]).lines).toEqual([
      expect.objectContaining({ status: 404, code: 1302 }),
    ]);
  });

  it('leaves out what is not known', () => {
    const [line] = logged('info', ['info', { memberId: undefined, ip: undefined }]).lines;
    expect(line).toMatchObject({ msg: 'request' });
    for (const name of ['memberId', 'code', 'ip']) expect(line).not.toHaveProperty(name);
  });

  it.each(['"', '","level":60,"x":"', '\n{"level":60}', '\\', '\u2028', '<script>'])(
    'stays one line of JSON whatever address a proxy tells: %j',
    (ip) => {
      const { written, lines } = logged('info', ['info', { ip }]);
      expect(lines).toEqual([expect.objectContaining({ ip, level: 30 })]);
      expect(written[0]?.indexOf('\n')).toBe((written[0]?.length ?? 0) - 1);
    },
  );

  it.each([
    ['trace', [20, 30, 50]],
    ['debug', [20, 30, 50]],
    ['info', [30, 50]],
    ['warn', [50]],
    ['error', [50]],
    ['fatal', []],
    ['silent', []],
  ])('is written at LOG_LEVEL=%s for the levels %j', (level, expected) => {
    const { lines } = logged(level, ['debug', {}], ['info', {}], ['error', {}]);
    expect(lines.map((line) => line['level'])).toEqual(expected);
  });
});
