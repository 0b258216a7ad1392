import { request } from 'node:http';
import { NginxLab } from './support/nginx-lab';

describe('a websocket', () => {
  let lab: NginxLab;
  beforeAll(async () => {
    lab = await NginxLab.open();
    await lab.serve('r1');
    lab.onUpgrade((socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n');
      socket.on('data', (part: Buffer) => socket.end(`heard ${part.toString()}`));
    });
    await lab.configure();
  });
  afterAll(() => lab.close());

  it('is upgraded through nginx, and carries what both sides say', async () => {
    const said = await new Promise<string>((resolve, reject) => {
      const headers = { connection: 'Upgrade', upgrade: 'websocket' };
      const options = { host: '127.0.0.1', port: lab.port, path: '/api/socket.io/?EIO=4', headers };
      request(options)
        .on('upgrade', (_answer, socket) => {
          let all = '';
          socket.on('data', (part: Buffer) => (all += part.toString()));
          socket.on('end', () => resolve(all));
          socket.write('hello');
        })
        .on('response', ({ statusCode }) => reject(new Error(`no upgrade: ${statusCode}`)))
        .on('error', reject)
        .end();
    });
    expect(said).toBe('heard hello');
  });

  it('closes every other connection to the app', async () => {
    const { body } = await lab.ask('/api/v2/plain');
    expect(JSON.parse(body)).toMatchObject({ headers: { connection: 'close' } });
  });
});
