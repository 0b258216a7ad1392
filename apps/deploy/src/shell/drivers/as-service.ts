import { onceArguments } from '../../core/containers';
import { releaseNode } from '../releases';
import type { Site } from '../site';

/**
 * The command line that runs a program of a release as the service itself runs: with systemd as its user, in a container of
 * its image, and with the settings and secrets that are kept for it. They are in no command line and not in the
 * environment of the deployer.
 *
 * @param words the program of the release, and its arguments
 * @param cwd where it runs; a supervisor must be told
 */
export async function asService(
  site: Site,
  release: string,
  words: readonly string[],
  cwd: string,
): Promise<readonly string[]> {
  const { driver } = site.settings;
  switch (driver.kind) {
    case 'process':
      return [await releaseNode(site, release), ...words];
    case 'systemd': {
      const { user, group, environmentFile } = driver;
      const properties = [
        `User=${user}`,
        `Group=${group}`,
        `WorkingDirectory=${cwd}`,
        ...(environmentFile === null ? [] : [`EnvironmentFile=${environmentFile}`]),
      ];
      const options = [
        '--quiet',
        '--collect',
        '--wait',
        '--pipe',
        ...properties.flatMap((one) => ['-p', one]),
      ];
      return ['systemd-run', ...options, '--', await releaseNode(site, release), ...words];
    }
    case 'container': {
      const wish = { release, variables: [`RELEASE=${release}`], volumes: [] };
      return [...driver.command, ...onceArguments(driver, wish, ['node', ...words])];
    }
  }
}
