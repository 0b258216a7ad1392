import type { Colour } from './colour';
import type { NginxSettings } from './nginx-settings';
import type { NginxVersion } from './nginx-text';

/** What is about another's nginx, or known only where it runs. */
type OfOthers =
  | 'user'
  | 'manage'
  | 'siteSocket'
  | 'accessLog'
  | 'include'
  | 'checkCommand'
  | 'reloadCommand'
  | 'pidFile'
  | 'errorLog';

/** All that one nginx.conf depends on. Paths are absolute. */
export type NginxSite = Omit<NginxSettings, OfOthers | 'preview'> &
  Readonly<{
    /** the link to the live colour's socket */
    liveSocket: string;
    /** links to the sockets of both colours, whichever is live */
    colourSockets: Readonly<Record<Colour, string>>;
    /** instead of the links, with switch.strategy: reload: the file with the live server, and both servers */
    reload?: Readonly<{ include: string; servers: Readonly<Record<Colour, string>> }>;
    /** where only this machine can ask: which generation is loaded, and the live colour's metrics */
    innerSocket: string;
    /** the public sites without TLS, for the questions of their deployers */
    siteSocket: string;
    developSocket: string;
    preview:
      | (NonNullable<NginxSettings['preview']> &
          Readonly<{
            /** the link to the socket of the colour that is previewed; missing while none is */
            socket: string;
            /** a file in here for each percent of people who meet it */
            shareDir: string;
            secret: string;
          }>)
      | null;
    /** one more server that gets requests while its file exists */
    standby: Readonly<{ server: string; file: string }> | null;
    /** while this file exists, people are asked to come back later */
    maintenanceFile: string;
    /** pid file, logs and temporary files of this nginx */
    home: string;
    /** workers run as this user; null: as whoever starts nginx */
    user: string | null;
    version: NginxVersion;
  }>;

/** How this tool's own requests are told from people's, also in the access log. */
export const OWN_AGENT = 'haru-deploy';
