import { runCli } from '../../cli';
import type { Streams } from '../reporter';
import { readQuestion } from './look';

/** Runs a command that changes nothing, while the connection lasts. @returns its exit code */
export async function answerCommand(question: string, projectDir: string, streams: Streams): Promise<number> {
  const { settings, words } = readQuestion(question);
  return runCli(words, projectDir, streams, { settings });
}
