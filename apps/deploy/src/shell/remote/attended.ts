import type { ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ClockReading, Progress } from '../../core/fleet';
import type { Host } from '../../core/host-settings';
import { readEvent, type HostEvent, type Job, type Message, type Order } from '../../core/job';
import type { Site } from '../site';
import { agentCommand, copyRunner } from './agent';
import { endOf, lastWords, openSsh } from './ssh';

const ALIVE_EVERY_MS = 500;
const RETRY_PAUSE_MS = 500;

/** Waits for the ends of jobs, so long at most: then nobody listens to them any more, and they go on. */
export async function within(
  limitMs: number,
  jobs: readonly AttendedJob[],
  ends: Promise<unknown>,
): Promise<void> {
  const overdue = setTimeout(() => jobs.forEach((job) => job.close()), limitMs);
  try {
    await ends;
  } finally {
    clearTimeout(overdue);
  }
}

type Options = Readonly<{
  job: Job;
  onLine: (text: string) => void;
  /** something that somebody may wait for has happened */
  onChange: () => void;
}>;

/**
 * A job on a host, and the connection over which it is heard of. A connection that drops is made anew: the job goes on
 * meanwhile, and what it has told is told again from where it was heard last. Only when the host cannot be reached for
 * `ssh.patienceMs` it is given up.
 */
export class AttendedJob {
  progress: Progress = { kind: 'working' };
  readonly clock: ClockReading[] = [];
  readonly steps: string[] = [];
  /** when anything was heard last, by a clock of this process */
  heardAt = performance.now();
  private seen = 0;
  private order: Order | null = null;
  private child: ChildProcessWithoutNullStreams | null = null;
  private isClosed = false;

  constructor(
    private readonly site: Site,
    readonly host: Host,
    private readonly options: Options,
  ) {}

  /** @returns when the job has ended, or the host is given up */
  async follow(): Promise<void> {
    const { patienceMs } = this.site.settings.ssh;
    this.heardAt = performance.now();
    while (this.isOpen()) {
      const why = await this.connect();
      if (!this.isOpen()) break;
      if (performance.now() - this.heardAt > patienceMs) this.become({ kind: 'lost', why });
      else await sleep(RETRY_PAUSE_MS);
    }
  }

  /** Says it now, and again after each new connection until the host has ended. */
  say(order: Order): void {
    this.order = order;
    this.send({ say: 'order', order });
  }

  /** Asks for a sign of life; it shows in `heardAt`. */
  ping(): void {
    this.send({ say: 'alive', sent: Date.now() });
  }

  /** Stops listening; the job goes on. */
  close(): void {
    this.isClosed = true;
    this.child?.kill();
  }

  private isOpen(): boolean {
    return !this.isClosed && this.progress.kind !== 'ended' && this.progress.kind !== 'lost';
  }

  private async connect(): Promise<string> {
    const child = openSsh(this.site, this.host, agentCommand(this.site, this.host, 'attend'));
    this.child = child;
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (part: string) => (err += part));
    this.send({ say: 'attend', job: this.options.job, seen: this.seen });
    if (this.order) this.send({ say: 'order', order: this.order });
    const pulse = setInterval(() => this.ping(), ALIVE_EVERY_MS);
    const closed = endOf(this.site, child).then(
      () => null,
      (error: Error) => error.message,
    );
    let isRunnerMissing = false;
    let why: string | null;
    try {
      for await (const line of createInterface({ input: child.stdout })) {
        const event = readEvent(line);
        isRunnerMissing ||= event?.kind === 'no-runner';
        if (event) this.hear(event);
      }
      why = await closed;
    } finally {
      clearInterval(pulse);
      this.child = null;
    }
    if (!isRunnerMissing) return why ?? lastWords(err);
    return copyRunner(this.site, this.host).then(() => 'it lacked this tool', String);
  }

  private hear(event: HostEvent): void {
    this.heardAt = performance.now();
    if (event.kind === 'pong') this.clock.push({ ...event, received: Date.now() });
    if (['line', 'step', 'waits'].includes(event.kind)) this.seen += 1;
    if (event.kind === 'line') this.options.onLine(event.text);
    if (event.kind === 'step') this.steps.push(event.step);
    if (event.kind === 'waits') this.become({ kind: 'waits', gate: event.gate });
    if (event.kind === 'ended') this.become(event);
    if (event.kind === 'died') this.become({ kind: 'ended', exitCode: 5, output: null });
    this.options.onChange();
  }

  private become(progress: Progress): void {
    this.progress = progress;
    this.options.onChange();
  }

  private send(message: Message): void {
    this.child?.stdin.write(`${JSON.stringify(message)}\n`);
  }
}
