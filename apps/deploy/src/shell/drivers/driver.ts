import type { Placed, Slot } from '../../core/colour';
import type { ProcessIdentity } from '../process-identity';
import type { Site } from '../site';
import { containerDriver } from './container';
import { processDriver } from './process';
import { systemdDriver } from './systemd';

/** A process that serves a colour. Pid 0: it has ended by itself, and its supervisor is about to start it again. */
export type ColourProcess = ProcessIdentity & Readonly<{ release: string }>;

/** `gone`: nothing ran any more. */
export type Stopped = 'gone' | 'stopped' | 'killed';

/**
 * What runs the processes of the two colours, and of the standby. They outlive the deployer. Everything here may be done again after a crash:
 * it leaves the same whether it ran once, or half and then once.
 */
export type Driver = Readonly<{
  /** Starts a release on a colour, on an address of its own. Whatever ran there was stopped before. */
  start: (site: Site, to: Placed) => Promise<ColourProcess>;
  /** @returns the process of a colour, if it still runs */
  find: (site: Site, colour: Slot) => Promise<ColourProcess | null>;
  /** Ends the process of a colour, at last by force, and clears away what it leaves. */
  stop: (site: Site, colour: Slot) => Promise<Stopped>;
  /** @returns the last lines that a release has written on a colour, oldest first */
  lastLines: (site: Site, target: Placed, count: number) => Promise<readonly string[]>;
  /** Hands on the last lines, and then each that is written from now on. Never returns by itself. */
  follow: (site: Site, target: Placed, count: number, onLine: (line: string) => void) => Promise<never>;
  /** What a person reads, or runs, to see what it has written. */
  logOf: (site: Site, target: Placed) => string;
}>;

/** What runs the colours of a site. */
export function driverOf({ settings: { driver } }: Site): Driver {
  switch (driver.kind) {
    case 'process':
      return processDriver;
    case 'systemd':
      return systemdDriver(driver);
    case 'container':
      return containerDriver(driver);
  }
}

/** @returns the process of a colour, if it still runs */
export function findProcess(site: Site, colour: Slot): Promise<ColourProcess | null> {
  return driverOf(site).find(site, colour);
}
