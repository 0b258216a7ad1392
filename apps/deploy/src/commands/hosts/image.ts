import { imageOf } from '../../core/containers';
import { DeployError } from '../../core/errors';
import { commonImage } from '../../core/fleet';
import { refuseNoId } from '../../shell/releases';
import type { Known } from '../../shell/remote/send-release';
import type { Site } from '../../shell/site';
import { refuseUnpacking, type DeployRequest } from '../../shell/store/inspect';

/** Whether a release is an image: then each host has it already, and this machine needs no engine. */
export function areImages({ settings }: Site): boolean {
  return settings.driver.kind === 'container';
}

/** @throws DeployError for what was mistyped */
export function refuseNoImage(site: Site, request: DeployRequest): void {
  refuseNoId(request.id);
  refuseUnpacking(site, request);
}

/**
 * @returns the digest of the image that all hosts have under an id
 * @throws DeployError when one of them lacks it, or has another
 */
export function imageOnAll({ settings }: Site, id: string, known: readonly Known[]): string {
  const found = commonImage(known);
  if ('digest' in found) return found.digest;
  const { driver } = settings;
  const name = driver.kind === 'container' ? imageOf(driver, id) : id;
  throw new DeployError('usage', {
    what: `The hosts cannot all start ${name}: ${found.problem}.`,
    left: 'Nothing was changed.',
    next: `load or pull it on each of them, then: npm run deploy -- deploy ${id}`,
  });
}
