/** Tells a person, line by line, what goes on. */
export type Reporter = Readonly<{
  /** a line of its own */
  say: (text: string) => void;
  /** a step that has come to its end */
  step: (text: string, ms: number, note?: string) => void;
}>;

/** @param write takes a line without its end */
export function lineReporter(write: (line: string) => void): Reporter {
  return {
    say: write,
    step: (text, ms, note) =>
      write(`  ok  ${text}  (${[note, `${(ms / 1_000).toFixed(2)} s`].filter(Boolean).join(', ')})`),
  };
}
