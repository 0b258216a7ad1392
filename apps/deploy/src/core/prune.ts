/** A release that was unpacked, and when (ISO instant). */
export type Kept = Readonly<{ id: string; at: string }>;

/**
 * Which releases nobody needs any more: all but the newest.
 *
 * @param keep how many stay, the spared ones counted
 * @param spared ids that stay however old they are
 * @returns ids, the oldest first
 */
export function releasesToPrune(
  unpacked: readonly Kept[],
  { keep, spared }: Readonly<{ keep: number; spared: readonly string[] }>,
): readonly string[] {
  const isSpared = ({ id }: Kept): boolean => spared.includes(id);
  const others = unpacked.filter((one) => !isSpared(one)).sort((a, b) => (a.at < b.at ? 1 : -1));
  const room = Math.max(0, keep - unpacked.filter(isSpared).length);
  return others
    .slice(room)
    .map(({ id }) => id)
    .reverse();
}
