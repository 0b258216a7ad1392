import type { Fault } from '../core/fault';
import type { Reporter } from '../shell/reporter';
import type { Site } from '../shell/site';

/** What every command gets. */
export type Session = Readonly<{ site: Site; reporter: Reporter; fault: Fault | null }>;
