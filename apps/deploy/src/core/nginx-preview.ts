import { bucketsOf, MAX_PREVIEW_PERCENT } from './preview';
import type { NginxSite } from './nginx-site';
import { block, quote, type Lines } from './nginx-text';

/** `<expires>.<signature>`: seconds since the epoch, and the MD5 of nginx's secure_link module in base64url. */
const TOKEN = String.raw`\d{10}\.[A-Za-z0-9_-]{22}`;
/** In a pattern these words name its groups, so that the value of the map is that group. */
const EXPIRES = String.raw`"~^(?<preview_e>\d{10})\." $preview_e;`;
const SIGNATURE = String.raw`"~^\d{10}\.(?<preview_s>[A-Za-z0-9_-]{22})$" $preview_s;`;

/** Between the moment of expiry and the secret, so that the secret signs nothing else. */
export const PREVIEW_WORD = 'haru-preview';

/** Who asks for what: a token is looked for in a header first, then in a cookie; the deployer itself has none. */
export function previewMaps({ preview }: NginxSite): Lines {
  if (!preview) return [];
  const header = `$http_${preview.header.toLowerCase().replaceAll('-', '_')}`;
  const id = preview.stableCookie === null ? '$remote_addr' : `$cookie_${preview.stableCookie}`;
  return [
    '',
    '# Who may see the release that waits on the idle colour.',
    ...block(`map ${header} $preview_token`, [`default ${header};`, `'' $cookie_${preview.cookie};`]),
    ...block('map $preview_token $preview_expires', ["default '';", EXPIRES]),
    ...block('map $preview_token $preview_signature', ["default '';", SIGNATURE]),
    '# And which share of all others does: by something that stays the same for each.',
    ...block(`map ${id} $preview_id`, [`default ${id};`, "'' $remote_addr;"]),
    ...block('split_clients $preview_id $preview_part', [
      ...bucketsOf(MAX_PREVIEW_PERCENT).map((name) => `1% ${name};`),
      '* none;',
    ]),
    ...block('map "$is_person:$secure_link:$preview_share" $is_preview', [
      "default '';",
      '"~^1:1:" 1;',
      '"~^1:[^:]*:1$" 1;',
    ]),
  ];
}

/** One server's part. A part of people takes part while its file is there: seen at the next request, without a reload. */
export function previewServer({ preview }: NginxSite, isDevelop: boolean): Lines {
  if (!preview || isDevelop) return [];
  const { cookie, secret, shareDir, tokenHours } = preview;
  const attributes = 'Path=/; HttpOnly; SameSite=Lax';
  return [
    'secure_link $preview_signature,$preview_expires;',
    `secure_link_md5 ${quote(`$secure_link_expires ${PREVIEW_WORD} ${secret}`)};`,
    "set $preview_share '';",
    `if (-f ${quote(`${shareDir}/$preview_part`)}) { set $preview_share 1; }`,
    '# Makes a browser show the token from now on, and no more.',
    ...block(`location ~ "^/preview/(?<preview_given>${TOKEN})$"`, [
      `add_header Set-Cookie ${quote(`${cookie}=$preview_given; Max-Age=${tokenHours * 3_600}; ${attributes}`)};`,
      'add_header Cache-Control no-store;',
      'return 302 /;',
    ]),
    ...block('location = /preview/end', [
      `add_header Set-Cookie ${quote(`${cookie}=; Max-Age=0; ${attributes}`)};`,
      'add_header Cache-Control no-store;',
      'return 302 /;',
    ]),
    '',
  ];
}
