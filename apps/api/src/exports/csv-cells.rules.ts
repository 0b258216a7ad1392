const FORMULA = /^[\p{Z}\p{Cc}\p{Cf}]*[=+\-@＝＋－＠]|^[\t\r\n]/u;

/**
 * A text that a spreadsheet shows and does not work out: one that would begin a formula, in half or full width, behind
 * blanks or not, gets an apostrophe before it.
 */
export function asText(cell: string): string {
  return FORMULA.test(cell) ? `'${cell}` : cell;
}
