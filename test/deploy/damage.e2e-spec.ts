import { appendFile, mkdir, readFile, readdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { join } from 'node:path';
import { identityOf } from '../../apps/deploy/src/shell/process-identity';
import { Lab } from './support/lab';

/** On a machine that is busy to its limit every process takes seconds to start; nothing here waits for a deadline. */
jest.setTimeout(180_000);
const CALM = { verify: { timeoutMs: 30_000 } };

let lab: Lab;
let number = 0;
beforeAll(async () => {
  lab = await Lab.open({ ...CALM, stop: { timeoutMs: 5_000, keepOld: true } });
  await lab.deploy('first');
});
afterAll(() => lab.close());

const at = (name: string) => join(lab.dir, name);
const liveLink = () => at('run/live.sock');
const live = async () => ((await lab.link()).startsWith('blue') ? 'blue' : 'green');
const nextName = () => `r${(number += 1)}`;

async function linkTo(target: string): Promise<void> {
  await rm(liveLink(), { force: true, recursive: true });
  await symlink(target, liveLink());
}

/** Deploys under load: nothing fails, and afterwards state, nginx and `status` name this release. */
async function deployUnharmed(release: string): Promise<string> {
  const load = lab.load(4);
  const { code, out, err } = await lab.run(['deploy', release]);
  expect((await load.stop()).failures).toEqual([]);
  expect([code, err]).toEqual([0, '']);
  await expectOrder(release);
  return out;
}

async function expectOrder(release: string): Promise<void> {
  expect(await lab.served()).toBe(release);
  const { out } = await lab.run(['status']);
  expect(out).toMatch(new RegExp(`live +(blue|green) \\(${release}\\)`));
  expect(out).not.toMatch(/drift|damaged|unfinished/);
}

describe('a state file that is damaged', () => {
  it.each([
    ['corrupt', (text: string) => text.replace('"live"', '"dead"')],
    ['cut off', (text: string) => text.slice(0, text.length / 2)],
  ])('gives way to its previous copy, and that is said: %s', async (_, damage) => {
    const before = nextName();
    await lab.deploy(before);
    await writeFile(at('state.json'), damage(await readFile(at('state.json'), 'utf8')));
    const { out } = await lab.run(['status']);
    expect(out).toContain('state.json is damaged; its previous copy is used');
    expect(out).toMatch(new RegExp(`live +(blue|green) \\(${before}\\)`));
    expect(await deployUnharmed(nextName())).toContain('is damaged');
    expect((await lab.run(['status'])).out).toContain(`rollback  to ${before}:`);
  });

  it('that cannot be read is named, and nothing is changed', async () => {
    const [text, serves, processes] = [
      await readFile(at('state.json'), 'utf8'),
      await lab.served(),
      await lab.processes(),
    ];
    await rm(at('state.json'));
    // For root there is no file that it may not read.
    await mkdir(at('state.json'));
    const { code, err } = await lab.run(['deploy', 'never']);
    expect([code, err]).toEqual([5, expect.stringContaining('state.json cannot be read: EISDIR')]);
    expect(err).toContain('Next:');
    expect([await lab.served(), await lab.processes()]).toEqual([serves, processes]);
    await rm(at('state.json'), { recursive: true });
    await writeFile(at('state.json'), text);
    await expectOrder(serves ?? '');
  });

  it('is not replaced by what a power loss has left of the next one', async () => {
    const [text, serves] = [await readFile(at('state.json'), 'utf8'), (await lab.served()) ?? ''];
    await writeFile(at('state.json.4194300.new'), text.slice(0, 40));
    await writeFile(at('state.json.previous.4194301.new'), '');
    await symlink('blue-gone.sock', at('run/live.sock.4194302.new'));
    await expectOrder(serves);
    await deployUnharmed(nextName());
    const names = [...(await readdir(lab.dir)), ...(await readdir(at('run')))];
    expect(names.filter((name) => name.endsWith('.new'))).toEqual([]);
  });
});

describe('a line that a power loss has torn', () => {
  it('in the journal counts as not written: what it belongs to is undone', async () => {
    const serves = (await lab.served()) ?? '';
    await lab.run(['deploy', nextName(), '--fault', 'after:verify:kill9']);
    await appendFile(at('journal.jsonl'), '{"phase":"after","run":"2026-11-2');
    expect((await lab.run(['deploy', serves])).out).toContain('Undoing what was begun');
    await expectOrder(serves);
  });

  it('in the history costs that line alone', async () => {
    const lines = (await readFile(at('history.jsonl'), 'utf8')).trimEnd().split('\n');
    await appendFile(at('history.jsonl'), (lines.at(-1) ?? '').slice(0, 50));
    const release = nextName();
    await lab.deploy(release);
    const { out } = await lab.run(['history', '--limit', '2']);
    expect(out).toContain(`(${release})`);
    expect(out).toContain('1 damaged line(s) left out');
  });

  it('that is all of a journal leaves nothing to finish', async () => {
    await writeFile(at('journal.jsonl'), '');
    await deployUnharmed(nextName());
  });
});

describe('what serves and what is written down', () => {
  it('may differ: nginx is right, the drift is shown, and the next deploy puts both in order', async () => {
    const [older, newer] = [nextName(), nextName()];
    await lab.deploy(older);
    const link = await lab.link();
    await lab.deploy(newer);
    await linkTo(link);
    const { out } = await lab.run(['status']);
    expect(out).toMatch(
      new RegExp(`drift +the state names \\w+ \\(${newer}\\) as live, but \\w+ \\(${older}\\) serves`),
    );
    expect(await deployUnharmed(nextName())).toContain(`drift: the state names`);
    expect((await lab.run(['status'])).out).toContain(`rollback  to ${older}:`);
  });

  it('are brought together, too, by a deploy of what serves already', async () => {
    const [older, newer] = [nextName(), nextName()];
    await lab.deploy(older);
    const link = await lab.link();
    await lab.deploy(newer);
    await linkTo(link);
    expect(await deployUnharmed(older)).toContain('is live already');
  });
});

describe('a file that somebody has changed by hand', () => {
  it('nginx.conf: named, renewed by the next deploy, and kept beside it', async () => {
    const conf = at('nginx/nginx.conf');
    const generated = await readFile(conf, 'utf8');
    await appendFile(conf, '# a note of mine\n');
    expect((await lab.run(['status'])).out).toContain('the generated nginx.conf was edited by hand');
    // No load: to renew it takes a reload, which may reset idle connections where nginx is older than 1.27.4.
    const release = nextName();
    const { code, out } = await lab.run(['deploy', release]);
    expect([code, out]).toEqual([0, expect.stringContaining('nginx.conf was edited by hand')]);
    await expectOrder(release);
    expect(await readFile(conf, 'utf8')).toBe(generated);
    expect(await readFile(`${conf}.edited`, 'utf8')).toContain('a note of mine');
  });

  it.each([
    [
      'a plain file',
      async () => {
        await rm(liveLink());
        await writeFile(liveLink(), 'not a link');
      },
    ],
    ['nothing', () => rm(liveLink())],
    ['a link to a socket that is not there', async () => linkTo(`${await live()}-gone.sock`)],
    [
      'a link to somebody else',
      async () => {
        await linkTo('stranger.sock');
      },
    ],
  ])('live.sock, now %s: what is recorded and runs gets the traffic back', async (_, change) => {
    const serves = (await lab.served()) ?? '';
    const processes = await lab.processes();
    await change();
    expect((await lab.ask('/api/v2/time')).status).toBe(503);
    expect((await lab.run(['deploy', serves])).code).toBe(0);
    await expectOrder(serves);
    expect(await lab.processes()).toEqual(processes);
    expect(await readlink(liveLink())).toContain(serves);
  });

  it('the pid file of the live colour: no stranger gets a signal, and nothing is lost or left behind', async () => {
    const colour = await live();
    const { [colour]: pid } = await lab.processes();
    const note = JSON.parse(await readFile(at(`run/${colour}.pid`), 'utf8')) as object;
    await writeFile(at(`run/${colour}.pid`), JSON.stringify({ ...note, pid: process.pid }));
    await lab.configure(CALM);
    await deployUnharmed(nextName());
    // This test was not ended, and the process that the file no longer named was.
    expect(identityOf(pid ?? 0)).toBeNull();
    expect((await lab.processes())[colour]).toBeNull();
  });
});

describe('an address that is taken', () => {
  /** Whoever listens on the name that a release will get. */
  async function occupy(name: string): Promise<Server> {
    const stranger = createServer((_, response) => response.end('a stranger'));
    await new Promise<void>((resolve) => stranger.listen(at(`run/${name}`), resolve));
    return stranger;
  }

  it('by a stranger: it is named and lives on, and the old release serves', async () => {
    const serves = (await lab.served()) ?? '';
    const idle = (await live()) === 'blue' ? 'green' : 'blue';
    const stranger = await occupy(`${idle}-taken.sock`);
    const load = lab.load(4);
    const { code, err } = await lab.run(['deploy', 'taken']);
    const names = await readdir(at('run'));
    const lives = stranger.listening;
    stranger.close();
    expect((await load.stop()).failures).toEqual([]);
    expect(code).toBe(5);
    expect(err).toContain(`${idle}-taken.sock is taken by process ${process.pid} (`);
    expect(err).toContain(`(${serves}) serves as before`);
    expect([lives, names]).toEqual([true, expect.arrayContaining([`${idle}-taken.sock`])]);
    await expectOrder(serves);
  });

  it('by an orphan of our own, of which no pid file is left: it is ended, and its place taken', async () => {
    const idle = (await live()) === 'blue' ? 'green' : 'blue';
    await lab.run(['deploy', 'orphaned', '--fault', 'after:start:kill9']);
    const orphan = (await lab.processes())[idle];
    await rm(at(`run/${idle}.pid`));
    await writeFile(at('journal.jsonl'), '');
    await deployUnharmed('orphaned');
    expect((await lab.processes())[idle]).not.toBe(orphan);
    expect(identityOf(orphan ?? 0)).toBeNull();
  });
});
