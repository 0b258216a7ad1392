import type { NginxSite } from './nginx-site';
import { block, quote, type Lines } from './nginx-text';

const YEAR_S = 31_536_000;

/** What the headers of static files depend on. */
export type PageHeaders = Readonly<{
  contentSecurityPolicy: string;
  /** null: over plain HTTP, or not wanted */
  hsts: string | null;
  /** whether search engines may keep the pages */
  isIndexed: boolean;
}>;

export function hstsOf({ tls }: Pick<NginxSite, 'tls'>): string | null {
  return tls && tls.hstsMaxAgeS > 0 ? `max-age=${tls.hstsMaxAgeS}` : null;
}

export function hstsLine(hsts: string | null): Lines {
  return hsts === null ? [] : [`add_header Strict-Transport-Security ${quote(hsts)} always;`];
}

/** The web client: its own root, and every address without an extension is a page of it. */
export function webClient(headers: PageHeaders): Lines {
  return [
    ...files(headers),
    '# Any other address is a page of the web client.',
    ...block('location /', page('/index.html =404', headers)),
  ];
}

/** A client of its own below a path, from another folder. */
export function clientBelow(path: string, root: string, headers: PageHeaders): Lines {
  return [
    ...block(`location = ${path}`, [`return 301 ${path}/$is_args$args;`]),
    ...block(`location ^~ ${path}/`, [
      `alias ${quote(`${root}/`)};`,
      ...files(headers),
      ...page(`${path}/index.html`, headers),
    ]),
  ];
}

function files(headers: PageHeaders): Lines {
  return [
    '# A file with a hash in its name never changes its content.',
    ...block(
      'location ~ "[.-](?=[a-f]*[0-9])[0-9a-f]{8,64}\\.[0-9A-Za-z]+$"',
      page('=404', headers, `public, max-age=${YEAR_S}, immutable`),
    ),
    '# A missing file is missing: the page in its place would be a script that does not parse.',
    ...block('location ~ "\\.[A-Za-z][0-9A-Za-z]*$"', page('=404', headers)),
  ];
}

function page(otherwise: string, headers: PageHeaders, cache = 'no-cache'): Lines {
  return [
    'error_page 503 @closed_page;',
    'if ($is_closed) { return 503; }',
    `try_files $uri ${otherwise};`,
    `add_header Cache-Control ${quote(cache)};`,
    ...securityHeaders(headers),
  ];
}

function securityHeaders({ contentSecurityPolicy, hsts, isIndexed }: PageHeaders): Lines {
  return [
    'add_header X-Content-Type-Options nosniff always;',
    'add_header X-Frame-Options SAMEORIGIN always;',
    'add_header Referrer-Policy strict-origin-when-cross-origin always;',
    `add_header Content-Security-Policy ${quote(contentSecurityPolicy)} always;`,
    ...hstsLine(hsts),
    ...(isIndexed ? [] : ['add_header X-Robots-Tag noindex always;']),
  ];
}
