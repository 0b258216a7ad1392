import { isEndless, mannerOf, wordsForHosts } from './fleet-commands';
import { settingsOn, type Host } from './host-settings';
import { readEvent, readMessage } from './job';
import { parseSettings, type Settings } from './settings';

const a = { name: 'a', address: '10.0.0.1' };
const b = { name: 'b', address: '10.0.0.2' };

function settingsWith(hosts: readonly object[]): Settings {
  const parsed = parseSettings({ hosts, notify: { webhook: 'https://chat.example/x' } });
  if (!parsed.ok) throw new Error(parsed.problems.join());
  return parsed.settings;
}

function problemsOf(hosts: readonly object[]): string {
  const parsed = parseSettings({ hosts });
  return parsed.ok ? '' : parsed.problems.join('\n');
}

describe('the hosts of the settings', () => {
  it('are none unless they are named', () => {
    expect(settingsWith([]).hosts).toEqual([]);
  });

  it('have names and places of their own', () => {
    expect(problemsOf([a, { ...b, name: 'a' }])).toContain('hosts: a is there twice');
    expect(problemsOf([a, { ...a, name: 'b' }])).toContain('10.0.0.1:22/srv/haru is there twice');
    expect(problemsOf([a, { ...a, name: 'b', stateDir: '/srv/other' }])).toBe('');
  });

  it.each([
    ['-oProxyCommand=x', 'hosts.0.address'],
    ['a b', 'hosts.0.address'],
  ])('are no options for ssh: %s', (address, place) => {
    expect(problemsOf([{ ...a, address }])).toContain(place);
  });

  it('may be addresses of either kind', () => {
    expect(problemsOf([{ ...a, address: '[fd00::1]' }, b])).toBe('');
  });

  it('are told what is wrong with what they change', () => {
    expect(problemsOf([a, { ...b, settings: { nginx: { port: 0 } } }])).toContain('hosts: b: nginx.port');
    expect(problemsOf([{ ...a, settings: { colour: 'red' } }])).toContain(
      'hosts: a: Unrecognized key: "colour"',
    );
  });
});

describe('hosts with systemd', () => {
  const problems = (driver: object, host: object = a) => {
    const parsed = parseSettings({
      runDir: '/run/haru',
      driver: { kind: 'systemd', ...driver },
      hosts: [host],
    });
    return parsed.ok ? [] : parsed.problems;
  };

  it('name a program that a boot can run, on each of them', () => {
    const missing = [expect.stringMatching(/^hosts: a: driver\.bootCommand: /)];
    const bootCommand = '/usr/local/bin/haru';
    expect(problems({})).toEqual(missing);
    expect(problems({ bootCommand })).toEqual([]);
    expect(problems({ bootCommand }, { ...a, settings: { driver: { bootCommand: null } } })).toEqual(missing);
    expect(problems({}, { ...a, settings: { driver: { bootCommand } } })).toEqual([]);
  });
});

describe('the settings on a host', () => {
  const settings = settingsWith([
    { ...a, stateDir: '/var/lib/haru', settings: { nginx: { port: 81 }, releasesDir: 'r' } },
  ]);
  const on = settingsOn(settings.hosts[0] as Host, settings);

  it('are those of the site, with its own laid over them', () => {
    expect(on).toMatchObject({
      stateDir: '/var/lib/haru',
      releasesDir: 'r',
      nginx: { port: 81, serverName: 'localhost' },
    });
  });

  it('name no hosts and no webhook: the coordinating machine tells how it ended', () => {
    expect(parseSettings(on)).toMatchObject({ ok: true, settings: { hosts: [], notify: { webhook: null } } });
  });
});

describe('a command line for hosts', () => {
  it('loses what is for this machine', () => {
    const words = [
      '--config',
      'x.yml',
      'logs',
      'green',
      '-n',
      '5',
      '--host',
      'a',
      '--json',
      '--host=b',
      '-c',
      'y.yml',
    ];
    expect(wordsForHosts(words)).toEqual(['logs', 'green', '-n', '5']);
  });

  it('that nobody has thought of is for one host at a time', () => {
    expect(mannerOf('deploy')).toBe('together');
    expect(mannerOf('standby')).toBe('one');
    expect(['start', 'stop', 'status', 'listen'].filter((wish) => isEndless('standby', [wish]))).toEqual([
      'listen',
    ]);
  });
});

describe('what goes over the wire', () => {
  it('is read line by line, and anything else is left out', () => {
    expect(readEvent('{"kind":"waits","gate":"go"}')).toEqual({ kind: 'waits', gate: 'go' });
    expect(readMessage('{"say":"order","order":"undo"}')).toEqual({ say: 'order', order: 'undo' });
    for (const line of ['Welcome to Debian!', '{"kind":"waits","gate":"no"}', ''])
      expect(readEvent(line)).toBeNull();
    expect(readMessage('{"say":"order","order":"rm"}')).toBeNull();
  });
});
