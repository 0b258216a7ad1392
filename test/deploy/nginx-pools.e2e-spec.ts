import { OWN_AGENT } from '../../apps/deploy/src/core/nginx-site';
import { NginxLab } from './support/nginx-lab';

const PATH = '/api/v2/time';
/** Clients of one network, as a class behind one router would not be: each has an address. */
const NEIGHBOURS = Array.from({ length: 40 }, (_, index) => `127.0.0.${index + 10}`);
/** Clients of many networks. */
const STRANGERS = Array.from({ length: 40 }, (_, index) => `127.1.${index}.1`);

describe('a pool of servers', () => {
  let lab: NginxLab;
  let other: string;
  let third: string;
  beforeAll(async () => {
    lab = await NginxLab.open();
    await lab.serve('live');
    other = `127.0.0.1:${await lab.serve('other', null)}`;
    third = `127.0.0.1:${await lab.serve('third', null)}`;
  });
  afterAll(() => lab.close());

  const pool = (settings: object) => lab.configure({ pool: settings });
  const servedTo = (clients: readonly string[], headers = {}): Promise<readonly string[]> =>
    Promise.all(clients.map((from) => lab.served(PATH, { from, headers })));

  it('by address: splits the clients of one network, and each keeps its server', async () => {
    await pool({ mode: 'sticky', servers: ['live', other] });
    const first = await servedTo(NEIGHBOURS);
    expect(new Set(first)).toEqual(new Set(['live', 'other']));
    expect(await servedTo(NEIGHBOURS)).toEqual(first);
  });

  it('by ip_hash: sees three octets, so that a whole network is on one server', async () => {
    await pool({ mode: 'sticky', by: 'ip_hash', servers: ['live', other] });
    expect(new Set(await servedTo(NEIGHBOURS)).size).toBe(1);
    expect(new Set(await servedTo(STRANGERS)).size).toBe(2);
  });

  it('moves only the clients of a server that is marked as down', async () => {
    const servers = ['live', other, third];
    await pool({ mode: 'sticky', by: 'ip_hash', servers });
    const before = await servedTo(STRANGERS);
    await pool({ mode: 'sticky', by: 'ip_hash', servers, down: [other] });
    const after = await servedTo(STRANGERS);
    const moved = before.filter((release, index) => release !== after[index]);
    expect(new Set(before)).toEqual(new Set(['live', 'other', 'third']));
    expect(new Set(moved)).toEqual(new Set(['other']));
    expect(after).not.toContain('other');
  });

  it('by cookie: a client keeps its server wherever it is, and without a cookie by its address', async () => {
    await pool({ mode: 'sticky', by: 'cookie:haru_pool', servers: ['live', other] });
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(new Set(await servedTo(STRANGERS, { cookie: `haru_pool=${name}` })).size).toBe(1);
    }
    const cookies = NEIGHBOURS.map((from) => ({ from, headers: { cookie: `haru_pool=${from}` } }));
    const split = await Promise.all(cookies.map((asking) => lab.served(PATH, asking)));
    expect(new Set(split).size).toBe(2);
    const without = await servedTo(NEIGHBOURS);
    expect(new Set(without).size).toBe(2);
    expect(await servedTo(NEIGHBOURS)).toEqual(without);
  });

  it('shows the deployer the live colour alone: a switch could not be verified otherwise', async () => {
    await pool({ mode: 'balanced', servers: ['live', other] });
    const ten = Array.from({ length: 10 }, () => '127.0.0.1');
    expect(new Set(await servedTo(ten, { 'user-agent': OWN_AGENT }))).toEqual(new Set(['live']));
    expect(new Set(await servedTo(ten)).size).toBe(2);
  });
});

describe('two active servers and a backup', () => {
  let lab: NginxLab;
  beforeAll(async () => {
    lab = await NginxLab.open();
  });
  afterAll(() => lab.close());

  it('answer from the backup when no active one does; a POST that was refused is executed there once', async () => {
    const executed: string[] = [];
    const backup = await lab.serve('backup', null, (incoming, response) => {
      executed.push(incoming.method ?? '');
      response.writeHead(200, { 'x-release': 'backup' }).end();
    });
    // Nobody listens on the two active ones: a refused connection has carried nothing.
    const servers = ['live', `unix:${lab.dir}/run/nobody.sock`];
    await lab.configure({ pool: { mode: 'balanced', servers, backup: [`127.0.0.1:${backup}`] } });
    expect(await lab.served(PATH, { method: 'POST' })).toBe('backup');
    expect(executed).toEqual(['POST']);
  });

  it('use the active ones while they answer', async () => {
    await lab.serve('live');
    const backup = await lab.serve('backup', null);
    const pool = { mode: 'balanced', servers: ['live'], backup: [`127.0.0.1:${backup}`] };
    await lab.configure({ pool, readTimeoutS: 80 });
    const answers = await Promise.all(Array.from({ length: 20 }, () => lab.served(PATH)));
    expect(new Set(answers)).toEqual(new Set(['live']));
  });
});

describe('a server that dies with a request in its hands', () => {
  let lab: NginxLab;
  const heard: string[] = [];
  beforeAll(async () => {
    lab = await NginxLab.open();
    const dying = await lab.serve('dying', null, (incoming) => {
      heard.push(`${incoming.method} dying`);
      incoming.socket.destroy();
    });
    await lab.serve('live', 'run/live.sock', (incoming, response) => {
      if (incoming.headers['user-agent'] !== OWN_AGENT) heard.push(`${incoming.method} live`);
      response.writeHead(200, { 'x-release': 'live' }).end();
    });
    await lab.configure({ pool: { mode: 'sticky', servers: ['live', `127.0.0.1:${dying}`] } });
  });
  afterAll(() => lab.close());

  it('gets a GET replaced by another server, and a POST never: it may have been executed', async () => {
    for (const from of NEIGHBOURS) {
      heard.length = 0;
      const answer = await lab.served(PATH, { method: 'POST', from });
      if (heard[0] === 'POST live') continue;
      expect({ answer, heard }).toEqual({ answer: '503', heard: ['POST dying'] });
      return;
    }
    throw new Error('no client was sent to the dying server');
  });
});
