// What the specs use of the load generator, whose own types are JSDoc that this compilation does not read.

declare module '*/scripts/bench/switch/load.mjs' {
  type Call = Readonly<{ method: 'GET' | 'POST'; path: string; body?: object }>;
  type Answer = Readonly<{ status: number; release: string | undefined; body: string }>;
  export type Client = Readonly<{ next: () => Call; judge: (answer: Answer) => string | undefined }>;
  export type Tally = Readonly<{ requests: number; failed: number; failures: string[]; worstGapMs: number }>;
  export type Load = Readonly<{ tally: Tally; stop: () => Promise<Tally> }>;
  export function startLoad(origin: string, clients: readonly Client[], options?: { thinkMs?: number }): Load;
}

declare module '*/scripts/bench/switch/audit.mjs' {
  export function compare(
    outcomes: ReadonlyMap<string, 'answered' | 'failed'>,
    executed: ReadonlyMap<string, number>,
  ): { duplicated: number; executedButFailed: number; lost: number };
}
