import { createHash } from 'node:crypto';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { standbyServerOf } from './standby';
import { colourLink } from '../core/layout';
import { renderNginx } from '../core/nginx-conf';
import type { NginxSite } from '../core/nginx-site';
import type { NginxVersion } from '../core/nginx-text';
import { addressOf } from '../core/reload';
import type { Site } from './site';

/** A configuration, and the mark by which a loaded one is told from another. */
export type Rendered = Readonly<{ text: string; generation: string }>;

/** The configuration that the settings ask for, for one version of nginx. */
/** @param previewSecret signs the tokens of previews */
export function renderSite(site: Site, version: NginxVersion, previewSecret: string): Rendered {
  const input = siteOf(site, version, previewSecret);
  const generation = markOf(renderNginx(input, ''));
  return { text: renderNginx(input, generation), generation };
}

/** Whether somebody changed a rendered configuration: its mark is the digest of the rest. */
export function isEdited(text: string): boolean {
  const mark = generationIn(text);
  return mark === null || markOf(text.replaceAll(mark, '')) !== mark;
}

function markOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

/** @returns the mark in a rendered configuration */
export function generationIn(text: string): string | null {
  return /location = \/generation \{ return 200 '([0-9a-f]+)'/.exec(text)?.[1] ?? null;
}

function siteOf(site: Site, version: NginxVersion, secret: string): NginxSite {
  const { layout, settings } = site;
  const { nginx, switch: switching } = settings;
  const at = (path: string) => resolve(layout.projectDir, path);
  const ifSet = (path: string | null) => (path === null ? null : at(path));
  const files = <T extends Readonly<{ certificate: string; key: string }>>(tls: T) => ({
    ...tls,
    certificate: at(tls.certificate),
    key: at(tls.key),
  });
  const { develop, preview } = nginx;
  const { previewLink: socket, shareDir } = layout;
  const servers = { blue: addressOf(switching, 'blue'), green: addressOf(switching, 'green') };
  return {
    ...nginx,
    staticRoot: at(nginx.staticRoot),
    adminRoot: ifSet(nginx.adminRoot),
    storybookRoot: ifSet(nginx.storybookRoot),
    acmeRoot: ifSet(nginx.acmeRoot),
    tls: nginx.tls && files(nginx.tls),
    develop: develop && {
      ...develop,
      staticRoot: at(develop.staticRoot),
      adminRoot: ifSet(develop.adminRoot),
      tls: develop.tls && files(develop.tls),
    },
    preview: preview && { ...preview, socket, shareDir, secret },
    standby: settings.standby && { server: standbyServerOf(site), file: layout.standbyPoolFile },
    liveSocket: layout.liveLink,
    colourSockets: { blue: colourLink(layout, 'blue'), green: colourLink(layout, 'green') },
    ...(switching.strategy === 'reload' ? { reload: { include: layout.liveInclude, servers } } : {}),
    innerSocket: layout.innerSocket,
    siteSocket: layout.siteSocket,
    developSocket: layout.developSocket,
    maintenanceFile: layout.maintenanceFile,
    home: layout.nginxDir,
    user: nginx.user ?? rootUser(),
    version,
  };
}

/** As root, workers would become `nobody`, who may not write to a socket of root's. */
function rootUser(): string | null {
  return process.getuid?.() === 0 ? userInfo().username : null;
}
