import { chmod, mkdir, rename } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { configureNginx, startNginx } from '../../apps/deploy/src/shell/nginx';
import { failureOf, NginxLab } from './support/nginx-lab';

/** Only root can have workers that are somebody else; a user's are the user. */
const isRoot = process.getuid?.() === 0;

function permissions(): void {
  let lab: NginxLab;
  beforeEach(async () => {
    lab = await NginxLab.openToAll();
    await lab.write({ 'www/index.html': 'the web client' });
    await lab.serve('r1');
  });
  afterEach(() => lab.close());

  const startAsAnotherUser = async (www = 'www'): Promise<string> => {
    await lab.load({ user: 'www-data', staticRoot: join(lab.dir, www) });
    await configureNginx(lab.site);
    return failureOf(startNginx(lab.site));
  };

  it('a socket that is root’s alone: the routes say which permission is missing', async () => {
    await chmod(join(lab.dir, 'run/live.sock'), 0o755);
    const failure = await startAsAnotherUser();
    expect(failure).toContain('/api/v2/time: nginx cannot reach the app');
    expect(failure).toContain('write permission on the socket');
    expect(failure).not.toContain('\n/: ');
  });

  it('a run folder that is closed to them: the same', async () => {
    await chmod(join(lab.dir, 'run/live.sock'), 0o777);
    await chmod(join(lab.dir, 'run'), 0o700);
    expect(await startAsAnotherUser()).toContain('/health/live: nginx cannot reach the app');
  });

  it('a closed folder above the files: the pages say so', async () => {
    await mkdir(join(lab.dir, 'home'), { mode: 0o700 });
    await rename(join(lab.dir, 'www'), join(lab.dir, 'home/www'));
    await chmod(join(lab.dir, 'run/live.sock'), 0o777);
    const failure = await startAsAnotherUser('home/www');
    expect(failure).toMatch(/^\/: 40[34], though there is an index.html/m);
    expect(failure).not.toContain('cannot reach the app');
  });
}

if (isRoot) describe('workers that may not reach what they serve', permissions);
else it('has workers that are who starts nginx', () => expect(userInfo().uid).not.toBe(0));
