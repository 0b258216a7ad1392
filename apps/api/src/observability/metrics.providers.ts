import { getHeapStatistics } from 'node:v8';
import type { Provider } from '@nestjs/common';
import { makeCounterProvider, makeGaugeProvider, makeHistogramProvider } from '@willsoto/nestjs-prometheus';
import { DatabaseHealth, Statements } from '@app/database';
import { STEPS } from '@app/pomodoro';
import type { Gauge } from 'prom-client';
import { FIRST_FINISHED_CYCLES, FIRST_STUDIES, SIGN_UPS, STEP_CHANGES } from './study-metrics';

export const REQUEST_DURATIONS = 'http_request_duration_seconds';
const POOL = 'haru_database_pool_connections';
const STUDIES = 'haru_studies';
const HEAP_LIMIT = 'nodejs_heap_size_limit_bytes';

const GAUGES = [
  makeGaugeProvider({
    name: POOL,
    help: 'Database connections by state; waiting: requests without one',
    labelNames: ['state'],
  }),
  makeGaugeProvider({ name: STUDIES, help: 'Studies by step', labelNames: ['step'] }),
  makeGaugeProvider({ name: HEAP_LIMIT, help: 'Largest size that the heap may reach, in bytes' }),
];

/** Every metric beside the ones of the process itself (event loop, heap used and total, memory). */
export const METRICS: Provider[] = [
  ...GAUGES,
  makeHistogramProvider({
    name: REQUEST_DURATIONS,
    help: 'HTTP requests by method, route and status: how many and how long, in seconds',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  }),
  makeCounterProvider({
    name: STEP_CHANGES,
    help: 'Changes of step, by the step come to',
    labelNames: ['step'],
  }),
  makeCounterProvider({ name: SIGN_UPS, help: 'Members who signed up, guests too' }),
  makeCounterProvider({
    name: FIRST_STUDIES,
    help: 'Members whose first study began, by how it was begun: solo or group',
    labelNames: ['entry'],
  }),
  makeCounterProvider({
    name: FIRST_FINISHED_CYCLES,
    help: 'Members who came to the end of their first cycle, by how the study was begun: solo or group',
    labelNames: ['entry'],
  }),
];

/** Reads the gauges anew. */
export async function fillGauges(
  gauges: Readonly<{ pool: Gauge; studies: Gauge; heapLimit: Gauge }>,
  health: DatabaseHealth,
  statements: Statements,
): Promise<void> {
  gauges.heapLimit.set(getHeapStatistics().heap_size_limit);
  for (const [state, count] of Object.entries(health.pool())) gauges.pool.set({ state }, count);
  const rows = await statements.select<{ step: string; studies: number }>(
    'SELECT step, COUNT(*) AS studies FROM study GROUP BY step',
    [],
  );
  for (const step of STEPS) gauges.studies.set({ step }, 0);
  for (const { step, studies } of rows) gauges.studies.set({ step }, studies);
}

export const GAUGE_NAMES = { pool: POOL, studies: STUDIES, heapLimit: HEAP_LIMIT } as const;
