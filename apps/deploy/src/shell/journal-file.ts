import { parseJournal, unfinishedRun, type JournalEntry, type Unfinished } from '../core/journal';
import { appendDurably, writeDurably } from './durable';
import { readIfThere } from './files';

/** Begins the journal of a run. The one before has come to its end by now: the history keeps what it did. */
export async function beginJournal(path: string, entry: JournalEntry): Promise<void> {
  await writeDurably(path, `${JSON.stringify(entry)}\n`);
}

/** On disk when this returns: only then may the step that it announces begin. */
export async function appendJournal(path: string, entry: JournalEntry): Promise<void> {
  await appendDurably(path, JSON.stringify(entry));
}

/** @returns the run that nobody finished, or null */
export async function readUnfinished(path: string): Promise<Unfinished | null> {
  const text = (await readIfThere(path)) ?? '';
  return unfinishedRun(parseJournal(text.split('\n')));
}
