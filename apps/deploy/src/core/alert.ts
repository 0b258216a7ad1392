import { z } from 'zod';

/** What Prometheus' Alertmanager sends to a webhook (its version 4), as far as it matters here. */
const alertSchema = z.object({
  status: z.enum(['firing', 'resolved']),
  alerts: z.array(z.object({ labels: z.record(z.string(), z.string()).default({}) })).default([]),
});

export type AlertNotice = Readonly<{ isFiring: boolean; names: readonly string[] }>;

/** @returns null for what is no notice of an alert */
export function parseAlert(content: unknown): AlertNotice | null {
  const { data } = alertSchema.safeParse(content);
  if (!data) return null;
  const names = data.alerts.map(({ labels }) => labels['alertname'] ?? 'unnamed');
  return { isFiring: data.status === 'firing', names: [...new Set(names)] };
}
