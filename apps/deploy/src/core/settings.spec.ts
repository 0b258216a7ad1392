import { layoutOf, layoutProblems, logFile, pidFile, socketPath } from './layout';
import { colourOfSocket, socketName } from './names';
import { parseSettings } from './settings';

describe('the settings', () => {
  it('may all be left out', () => {
    const parsed = parseSettings(null);
    expect(parsed).toMatchObject({ ok: true, settings: { nginx: { manage: true, port: 8080 } } });
  });

  it('may be given in part', () => {
    const parsed = parseSettings({ drain: { minMs: 100 } });
    expect(parsed).toMatchObject({ ok: true, settings: { drain: { minMs: 100, timeoutMs: 30_000 } } });
  });

  it('want sockets below /run where systemd runs the colours', () => {
    const driver = { kind: 'systemd' };
    expect(parseSettings({ driver, runDir: '/run/haru' })).toMatchObject({
      settings: { driver: { unit: 'haru', user: 'haru', group: 'www-data', environmentFile: null } },
    });
    const problems = [expect.stringContaining('/run/haru')];
    expect(parseSettings({ driver })).toEqual({ ok: false, problems });
    expect(parseSettings({ driver, runDir: '/var/lib/haru' })).toEqual({ ok: false, problems });
    expect(parseSettings({ driver: { kind: 'systemd', user: 'a b' } })).toMatchObject({ ok: false });
    expect(parseSettings({ driver: { kind: 'upstart' } })).toMatchObject({ ok: false });
  });

  it('name every problem at once, with its place', () => {
    const parsed = parseSettings({
      nginx: { port: 0, serverName: 'a; b' },
      health: { inARow: 0 },
      colour: 'red',
    });
    if (parsed.ok) throw new Error('these settings are wrong');
    expect(parsed.problems).toHaveLength(4);
    expect(parsed.problems.join('\n')).toMatch(
      /nginx\.port.*|nginx\.serverName.*|health\.inARow.*|"colour"/s,
    );
    for (const place of ['nginx.port', 'nginx.serverName', 'health.inARow', '"colour"']) {
      expect(parsed.problems.join('\n')).toContain(place);
    }
  });
});

describe('the layout', () => {
  const folders = {
    projectDir: '/p',
    stateDir: '/p/.data/deploy',
    runDir: '/p/run',
    releasesDir: '/p/releases',
  };
  const target = { colour: 'green', release: '0123456789abcdef0123456789abcdef01234567' } as const;

  it('gives each release on each colour a socket of its own, with a cut id', () => {
    expect(socketPath(layoutOf(folders), target)).toBe('/p/run/green-0123456789ab.sock');
    expect(socketName({ ...target, colour: 'blue' })).toBe('blue-0123456789ab.sock');
  });

  it('keeps the whole id in the names of logs', () => {
    expect(logFile(layoutOf(folders), target)).toBe(`/p/.data/deploy/log/green-${target.release}.log`);
    expect(pidFile(layoutOf(folders), 'blue')).toBe('/p/run/blue.pid');
  });

  it('tells its own sockets from others', () => {
    expect(colourOfSocket('green-r2.sock')).toBe('green');
    expect(colourOfSocket('live.sock')).toBeNull();
    expect(colourOfSocket('blue.pid')).toBeNull();
  });

  it('refuses a run folder whose sockets would be cut off silently', () => {
    const room = 107 - '/standby-0123456789ab.sock'.length;
    const fits = { ...folders, runDir: `/${'x'.repeat(room - 1)}` };
    expect(layoutProblems(fits)).toEqual([]);
    expect(layoutProblems({ ...fits, runDir: `${fits.runDir}x` }).join()).toContain('too long');
  });

  it('counts bytes, not letters', () => {
    expect(layoutProblems({ ...folders, runDir: `/${'하'.repeat(30)}` }).join()).toContain('too long');
  });

  it('refuses folders that nginx could not read back', () => {
    expect(layoutProblems({ ...folders, stateDir: '/a"b' })).toEqual([expect.stringContaining('stateDir')]);
  });
});
