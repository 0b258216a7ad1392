import { renderMetrics } from './metrics';
import type { Receipt } from './receipt';

const GREEN = { colour: 'green', release: 'r2' } as const;

function aReceipt(changes: Partial<Receipt> = {}): Receipt {
  return {
    run: '1',
    intent: 'deploy',
    outcome: 'done',
    from: null,
    to: GREEN,
    live: GREEN,
    by: 'haru',
    startedAt: '',
    finishedAt: '',
    durationMs: 1,
    steps: [
      { step: 'drain', ms: 1_000 },
      { step: 'switch', ms: 3 },
      { step: 'drain', ms: 500 },
    ],
    notes: [],
    ...changes,
  };
}
const probe = (failed: number) => ({ probe: { requests: 100, failed, worstGapMs: 1 } });

describe('the metrics of the deployer', () => {
  it('say how the last run ended, what serves, and how long each step took', () => {
    const first = aReceipt({ outcome: 'undone', ...probe(2) });
    const text = renderMetrics({ receipts: [first, aReceipt(probe(3))], lockAgeS: 1.5, draining: 4 });
    const samples = text.split('\n').filter((line) => !line.startsWith('#'));
    expect(samples).toEqual([
      'deploy_last_result{intent="deploy",release="r2",outcome="done"} 1',
      'deploy_phase_seconds{phase="drain"} 1.5',
      'deploy_phase_seconds{phase="switch"} 0.003',
      'deploy_live_colour_info{colour="green",release="r2"} 1',
      'deploy_lock_age_seconds 1.5',
      'deploy_drain_remaining_connections 4',
      'deploy_switch_failed_requests_total 5',
      '',
    ]);
  });

  it('leave out what there is not yet', () => {
    const text = renderMetrics({ receipts: [], lockAgeS: 0, draining: Infinity });
    expect(text).not.toMatch(/deploy_(last_result|phase_seconds|live_colour_info)/);
    expect(text).toContain('deploy_drain_remaining_connections +Inf\n');
  });

  it('name nothing as live when nothing serves', () => {
    const text = renderMetrics({ receipts: [aReceipt({ live: null })], lockAgeS: 0, draining: 0 });
    expect(text).not.toContain('deploy_live_colour_info');
  });
});
