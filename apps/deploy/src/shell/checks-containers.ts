import { ok, problem, type Check } from '../core/checks';
import type { ContainerSettings } from '../core/containers';
import { DeployError } from '../core/errors';
import { engine } from './drivers/container';
import type { Site } from './site';

/** What a deploy needs where docker or podman runs the colours; empty where it does not. */
export async function checkContainers({ settings: { driver } }: Site): Promise<readonly Check[]> {
  if (driver.kind !== 'container') return [];
  const answer = await ask(driver, 'version', '--format', '{{.Client.Version}}');
  const name = driver.command[0] ?? '';
  if (answer === null)
    return [
      problem('engine', `${name} does not answer`, `run ${driver.command.join(' ')} version: it says why`),
    ];
  if (answer instanceof DeployError)
    return [problem('engine', answer.trouble.what, answer.trouble.next ?? 'install it')];
  return [ok('engine', `${name} ${answer}`), await checkImages(driver)];
}

async function checkImages(driver: ContainerSettings): Promise<Check> {
  const tags = await ask(driver, 'images', '--format', '{{.Tag}}', driver.image);
  const found =
    typeof tags === 'string' ? tags.split('\n').filter((tag) => tag !== '' && tag !== '<none>') : [];
  if (found.length > 0) return ok('releases', found.join(', '));
  return problem(
    'releases',
    `there is no image ${driver.image}`,
    'build or pull one; its tag is the release',
  );
}

/** @returns what the engine said; null: it refused */
async function ask(
  driver: ContainerSettings,
  ...words: readonly string[]
): Promise<string | DeployError | null> {
  try {
    const { code, output } = await engine(driver, ...words);
    return code === 0 ? output.trim() : null;
  } catch (error) {
    if (error instanceof DeployError) return error;
    throw error;
  }
}
