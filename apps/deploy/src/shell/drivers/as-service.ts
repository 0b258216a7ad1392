import type { Site } from '../site';

/**
 * The command line that runs a program of a release as the service itself runs: with systemd as its user, with the
 * settings and secrets that are kept for it. They are in no command line and not in the environment of the deployer.
 *
 * @param words of the program
 * @param cwd where it runs; a supervisor must be told
 */
export function asService(
  { settings: { driver } }: Site,
  words: readonly string[],
  cwd: string,
): readonly string[] {
  if (driver.kind !== 'systemd') return words;
  const { user, group, environmentFile } = driver;
  const properties = [
    `User=${user}`,
    `Group=${group}`,
    `WorkingDirectory=${cwd}`,
    ...(environmentFile === null ? [] : [`EnvironmentFile=${environmentFile}`]),
  ];
  const options = ['--quiet', '--collect', '--wait', '--pipe', ...properties.flatMap((one) => ['-p', one])];
  return ['systemd-run', ...options, '--', ...words];
}
