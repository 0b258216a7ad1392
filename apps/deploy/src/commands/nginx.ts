import { wanted } from '../shell/nginx';
import type { Rendered } from '../shell/nginx-render';
import { ensurePreviewSecret } from '../shell/preview';
import { prepareFolders } from '../shell/site';
import type { Session } from './session';

/** The configuration of this site, for somebody who installs it by hand. With previews it holds their secret. */
export async function nginxConfiguration({ site }: Session): Promise<Rendered> {
  if (site.settings.nginx.preview !== null) await prepareFolders(site);
  await ensurePreviewSecret(site);
  return wanted(site);
}
