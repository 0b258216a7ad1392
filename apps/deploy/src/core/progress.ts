/** A step that is under way. */
export type RunningStep = Readonly<{
  text: string;
  /** which one it is, from 0, and of how many */
  index: number;
  total: number;
  /** how much of its time it has had, from 0 to 1; null: nobody knows how long it takes */
  share: number | null;
  /** what it waits for */
  note: string;
  elapsedMs: number;
}>;

/**
 * One line: how far the run is, by its steps, what is being done, and how far that is.
 *
 * @param columns of the terminal: a longer line could not be written over
 */
export function renderProgress(step: RunningStep, columns: number): string {
  const { text, index, total, share, note, elapsedMs } = step;
  const run = `${percent((index + (share ?? 0)) / total)}  `.padStart(8);
  const own = [
    ...(share === null ? [] : [percent(share)]),
    ...(note === '' ? [] : [note]),
    `${(elapsedMs / 1_000).toFixed(1)} s`,
  ];
  const end = `  (${own.join(', ')})`;
  const room = Math.max(0, columns - 1 - run.length - end.length);
  return `${run}${cut(text, room)}${end}`.slice(0, Math.max(0, columns - 1));
}

function percent(share: number): string {
  return `${Math.floor(100 * Math.min(1, share))} %`;
}

function cut(text: string, room: number): string {
  return text.length <= room ? text : `${text.slice(0, Math.max(0, room - 1))}…`;
}
