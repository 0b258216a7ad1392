import { renderProgress } from '../core/progress';

/**
 * Told how far a long step has come.
 *
 * @param share how much of its time it has had, from 0 to 1
 * @param note what it waits for
 */
export type Progress = (share: number, note?: string) => void;

/** Which step of a run it is, from 0, and of how many. */
type Place = Readonly<{ index: number; total: number }>;

/** Tells a person, line by line, what goes on. */
export type Reporter = Readonly<{
  /** a line of its own */
  say: (text: string) => void;
  /** a step that begins */
  begin: (text: string, place: Place) => Progress;
  /** a step that has come to its end */
  step: (text: string, ms: number, note?: string) => void;
  /** a step that has failed; why is told elsewhere */
  abandon: () => void;
}>;

/** Where a line can be written over. */
export type Terminal = Readonly<{ write: (text: string) => void; columns: () => number }>;

/** Where a command writes: results on `out`, what goes on beside them on `err`. */
export type Streams = Readonly<{
  out: (text: string) => void;
  err: (text: string) => void;
  /** where `out` goes, when that is a terminal */
  terminal?: Terminal;
}>;

const REDRAW_MS = 100;
/** To the beginning of the line, and erase it. */
const CLEAR_LINE = '\r\u001b[K';

/** @param json nothing but the result is wanted on `out` */
export function reporterFor(
  { out, err, terminal }: Streams,
  { json = false }: Readonly<{ json?: boolean }>,
): Reporter {
  if (json) return lineReporter(err);
  return terminal ? terminalReporter(terminal) : lineReporter(out);
}

/** @param write takes a line without its end */
function lineReporter(write: (line: string) => void): Reporter {
  return {
    say: write,
    begin: () => () => {},
    step: (text, ms, note) => write(doneLine(text, ms, note)),
    abandon: () => {},
  };
}

/** The same lines, and below them the step that is under way, in one line that is written anew as things go on. */
function terminalReporter({ write, columns }: Terminal): Reporter {
  let draw: (() => void) | null = null;
  let timer: NodeJS.Timeout | undefined;
  const say = (text: string): void => {
    write(`${draw ? CLEAR_LINE : ''}${text}\n`);
    draw?.();
  };
  const abandon = (): void => {
    clearInterval(timer);
    if (draw) write(CLEAR_LINE);
    draw = null;
  };
  const begin = (text: string, place: Place): Progress => {
    abandon();
    const beganMs = performance.now();
    let far: Readonly<{ share: number | null; note: string }> = { share: null, note: '' };
    draw = () => {
      const elapsedMs = performance.now() - beganMs;
      write(CLEAR_LINE + renderProgress({ text, ...place, ...far, elapsedMs }, columns()));
    };
    draw();
    timer = setInterval(draw, REDRAW_MS).unref();
    return (share, note = '') => void (far = { share, note });
  };
  const step: Reporter['step'] = (text, ms, note) => {
    abandon();
    say(doneLine(text, ms, note));
  };
  return { say, begin, step, abandon };
}

function doneLine(text: string, ms: number, note?: string): string {
  return `  ok  ${text}  (${[note, `${(ms / 1_000).toFixed(2)} s`].filter(Boolean).join(', ')})`;
}
