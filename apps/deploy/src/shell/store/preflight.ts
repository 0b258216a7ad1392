import { join } from 'node:path';
import { liveTarget, type Facts, type ReleaseFacts } from '../../core/facts';
import { refuseOlder, refuseUnfit, whyUnfit } from '../../core/fitness';
import type { Site } from '../site';
import { lookAtHost } from './host';
import { inspect, type DeployRequest } from './inspect';
import { readManifest } from './shelf';

/**
 * Looks whether a release is fit for this machine. Nothing is changed, whatever it is.
 *
 * @throws DeployError with all reasons against it
 */
export async function preflight(site: Site, facts: Facts, request: DeployRequest): Promise<ReleaseFacts> {
  const live = liveTarget(facts);
  const { release, candidate } = await inspect(site, request);
  refuseUnfit(request.id, whyUnfit(candidate, await lookAtHost(site), request.digest), live);
  if (live && request.older !== true) {
    const manifest = await readManifest(join(site.layout.releasesDir, live.release));
    refuseOlder({ target: live, manifest }, candidate);
  }
  return release;
}
