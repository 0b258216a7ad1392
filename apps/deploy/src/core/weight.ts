/** What a process takes from the machine. */
export type Weight = Readonly<{ rssMiB: number; descriptors: number }>;

export type WeightLimits = Readonly<{
  /** memory in use, in MiB; null: not looked at */
  maxRssMiB: number | null;
  /** open files and connections; null: not looked at */
  maxDescriptors: number | null;
}>;

/** @returns what is too much of it, in words; null when nothing is */
export function tooHeavy({ rssMiB, descriptors }: Weight, limits: WeightLimits): string | null {
  const { maxRssMiB, maxDescriptors } = limits;
  if (maxRssMiB !== null && rssMiB > maxRssMiB) {
    return `it uses ${Math.round(rssMiB)} MiB of memory, more than ${maxRssMiB}`;
  }
  if (maxDescriptors !== null && descriptors > maxDescriptors) {
    return `it has ${descriptors} open descriptors, more than ${maxDescriptors}`;
  }
  return null;
}
