import { nginxSchema } from './nginx-settings';

/** What the settings say about an nginx section. */
function problems(section: object): string {
  const parsed = nginxSchema.safeParse(section);
  return parsed.success ? '' : parsed.error.issues.map(({ message }) => message).join('; ');
}

const CERTIFICATE = { certificate: '/c.pem', key: '/k.pem' };
const DEVELOP = { serverName: 'develop.example', server: '127.0.0.1:3001', staticRoot: '/srv/develop' };

describe('a pool', () => {
  const pool = (settings: object) => problems({ pool: settings });

  it.each([
    [{}],
    [{ mode: 'balanced', servers: ['live', '127.0.0.1:3001'], backup: ['unix:/run/standby.sock'] }],
    [{ mode: 'sticky', by: 'ip_hash', servers: ['live', '[::1]:3001'], down: ['[::1]:3001'] }],
    [{ mode: 'sticky', by: 'cookie:haru_pool', servers: ['live', 'app-2:3000'] }],
  ])('may be %j', (settings) => {
    expect(pool(settings)).toBe('');
  });

  it.each([
    [{ mode: 'sticky', by: 'ip_hash', backup: ['127.0.0.1:3001'] }, /nginx refuses .*ip_hash/],
    [{ mode: 'sticky', backup: ['127.0.0.1:3001'] }, /cannot have a backup/],
    [{ mode: 'balanced', by: 'address' }, /for mode sticky/],
    [{ servers: ['live', '127.0.0.1:3001'] }, /must be balanced or sticky/],
    [{ mode: 'balanced', servers: ['127.0.0.1:3001'] }, /live must be one/],
    [{ mode: 'balanced', servers: ['live'], down: ['live'] }, /at least one/],
    [{ mode: 'balanced', servers: ['live', 'live'] }, /named twice/],
    [{ mode: 'balanced', servers: ['live', 'a:1'], backup: ['a:1'] }, /named twice/],
    [{ mode: 'balanced', servers: ['live'], down: ['a:1'] }, /not one of the servers/],
    [{ mode: 'balanced', servers: ['live', 'unix:relative.sock'] }, /must be live, host:port or unix/],
    [{ mode: 'balanced', servers: ['live', 'http://a:1'] }, /must be live, host:port or unix/],
    [{ mode: 'sticky', by: 'cookie:a-b' }, /must be address, ip_hash or cookie/],
  ])('may not be %j', (settings, reason) => {
    expect(pool(settings)).toMatch(reason);
  });
});

describe('two sites on one nginx', () => {
  it.each([
    [{ develop: DEVELOP }],
    [{ serverName: 'a.example', develop: { ...DEVELOP, serverName: 'a.example', port: 8_081 } }],
    [{ tls: CERTIFICATE, develop: { ...DEVELOP, tls: CERTIFICATE } }],
    [{ scrapePort: 9_180 }],
  ])('may be %j', (section) => {
    expect(problems(section)).toBe('');
  });

  it.each([
    [{ serverName: 'develop.example', develop: DEVELOP }, /one of the two would be dead/],
    [{ serverName: 'Develop.Example', develop: DEVELOP }, /one of the two would be dead/],
    [{ develop: { ...DEVELOP, tls: CERTIFICATE } }, /needs tls/],
    [{ tls: { ...CERTIFICATE, port: 8_080 } }, /must differ from port/],
    [{ tls: CERTIFICATE, develop: { ...DEVELOP, port: 443 } }, /must not be tls.port/],
    [{ scrapePort: 8_080 }, /a port of its own/],
    [{ tls: CERTIFICATE, scrapePort: 443 }, /a port of its own/],
    [{ develop: { ...DEVELOP, port: 8_081 }, scrapePort: 8_081 }, /a port of its own/],
  ])('may not be %j', (section, reason) => {
    expect(problems(section)).toMatch(reason);
  });
});

describe('a single value', () => {
  it.each([
    [{ readTimeoutS: 74 }, 'Too small'],
    [{ maintenanceRetryAfterS: 0 }, 'Too small'],
    [{ staticRoot: '/a"b' }, 'double quotes'],
    [{ contentSecurityPolicy: 'a "b"' }, 'double quotes'],
    [{ serverName: 'a; b' }, 'blanks'],
    [{ tls: { certificate: '/c.pem' } }, 'expected string'],
    [{ limits: { login: { perMinute: 0, burst: 0 }, codes: { perMinute: 1, burst: -1 } } }, 'Too small'],
  ])('may not be %j', (section, reason) => {
    expect(problems(section)).toContain(reason);
  });

  it('may be the least there is', () => {
    const limit = { perMinute: 1, burst: 0 };
    expect(
      problems({ readTimeoutS: 75, maintenanceRetryAfterS: 1, limits: { login: limit, codes: limit } }),
    ).toBe('');
  });
});
