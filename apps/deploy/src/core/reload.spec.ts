import { addressOf, caveatOf, colourIn, emergenciesIn, isRefusal, renderLive, strangeFileIn } from './reload';
import { parseSettings } from './settings';

const settings = {
  strategy: 'reload',
  host: '127.0.0.1',
  ports: { blue: 18081, green: 18082, standby: 18083 },
} as const;

describe('the file with the live server', () => {
  it.each(['blue', 'green'] as const)('names %s, and is read back as that', (colour) => {
    const text = renderLive(colour, settings);
    expect(text).toContain(`server "127.0.0.1:${settings.ports[colour]}";`);
    expect(colourIn(text, settings)).toBe(colour);
  });

  it('names nobody before the first release: nginx starts and answers that nothing serves', () => {
    const text = renderLive(null, settings);
    expect(text).toContain('server "127.0.0.1:18081" down;');
    expect(colourIn(text, settings)).toBeNull();
  });

  it('is somebody else\u2019s where it names another address', () => {
    expect(colourIn(renderLive('blue', { ...settings, host: '10.0.0.2' }), settings)).toBeNull();
    expect(colourIn('', settings)).toBeNull();
  });

  it('writes an address of IPv6 as nginx reads it', () => {
    expect(addressOf({ ...settings, host: '::1' }, 'green')).toBe('[::1]:18082');
  });
});

describe('what a reload cannot promise', () => {
  it.each([
    [[1, 22, 1], 'nginx 1.22.1 may reset'],
    [[1, 27, 3], 'nginx 1.27.3 may reset'],
    [null, 'An nginx before 1.27.4 may reset'],
  ] as const)('is said, with what was measured: %j', (version, said) => {
    expect(caveatOf(version)).toContain(said);
    expect(caveatOf(version)).toContain('135 to 273 of about 115,000');
  });

  it('is nothing where nginx spares idle clients', () => {
    expect(caveatOf([1, 27, 4])).toBeNull();
  });
});

describe('the words of an nginx that refuses', () => {
  const zone =
    '2026/11/28 [emerg] 1#1: limit_req "z" uses the "$b" key while previously it used the "$a" key';
  const bind = '2026/11/28 [emerg] 1#1: bind() to 127.0.0.1:80 failed (98: Address already in use)';
  const still = '2026/11/28 [emerg] 1#1: still could not bind()';

  it('are found among others', () => {
    expect(emergenciesIn(`2026/11/28 [notice] 1#1: signal\n${zone}\n`)).toEqual([zone]);
  });

  it('are its last when it does not try again', () => {
    expect([isRefusal([]), isRefusal([bind]), isRefusal([bind, still]), isRefusal([zone])]).toEqual([
      false,
      false,
      true,
      true,
    ]);
  });

  it('name the file of another site, or one of ours', () => {
    const line = (file: string) => [
      `nginx: [emerg] unknown directive "x" in ${file}:3`,
      'nginx: test failed',
    ];
    expect(strangeFileIn(line('/etc/nginx/sites/other.conf'), ['/srv/live.conf'])).toBe(
      '/etc/nginx/sites/other.conf',
    );
    expect(strangeFileIn(line('/srv/live.conf'), ['/srv/live.conf'])).toBeNull();
    expect(strangeFileIn([zone], [])).toBeNull();
  });
});

describe('the settings of a switch', () => {
  const problemsOf = (content: object): string => {
    const parsed = parseSettings(content);
    return parsed.ok ? '' : parsed.problems.join('\n');
  };
  const by = (nginx: object, ports: object = {}) => ({ switch: { strategy: 'reload', ports }, nginx });

  it.each([
    [{ switch: { ports: { blue: 1, green: 1 } } }, 'all three must differ'],
    [by({ preview: {} }), 'nginx.preview: it needs switch.strategy: socket'],
    [by({ port: 18081 }), 'switch.ports.blue: nginx itself listens on 18081'],
    [by({ scrapePort: 9 }, { green: 9 }), 'switch.ports.green: nginx itself listens on 9'],
    [by({ manage: false }), 'nginx.reloadCommand: reload needs it'],
    [by({ pool: { mode: 'balanced', servers: ['a:1'], backup: ['live'] } }), 'live may be neither a backup'],
    [by({ pidFile: '/run/nginx.pid' }), 'nginx.pidFile: it is for'],
    [{ nginx: { manage: false, reloadCommand: 'true' } }, 'nginx.reloadCommand: it is for'],
    [{ switch: { host: 'a; b' } }, 'switch.host'],
  ])('are refused where they do not fit: %j', (content, problem) => {
    expect(problemsOf(content)).toContain(problem);
  });

  it('fit where each colour has a port of its own', () => {
    expect(problemsOf(by({ manage: false, reloadCommand: 'true', pidFile: '/run/nginx.pid' }))).toBe('');
    expect(problemsOf({ nginx: { port: 18081 } })).toBe('');
  });
});
