import { imageOf, type ContainerSettings } from '../../core/containers';
import type { ReleaseFacts } from '../../core/facts';
import { engine } from '../drivers/container';
import type { Site } from '../site';

/** @returns the release as the image of its name; null: there is none on this machine */
export async function lookUpImage(
  { settings }: Site,
  driver: ContainerSettings,
  id: string,
): Promise<ReleaseFacts | null> {
  const image = imageOf(driver, id);
  const { code, output } = await engine(driver, 'inspect', '--type', 'image', '--format', '{{.Id}}', image);
  if (code !== 0) return null;
  const fingerprint = output.trim().replace(/^sha256:/, '');
  return { id, source: 'image', fingerprint, migrates: settings.service.migrate !== null };
}
