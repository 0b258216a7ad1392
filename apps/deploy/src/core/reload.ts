import type { Colour, Slot } from './colour';
import { isAtLeast, quote, type NginxVersion } from './nginx-text';
import type { SwitchSettings } from './switch-settings';

/** From here on a reload lets clients' idle connections live on for a while, instead of resetting the next request. */
export const SPARES_IDLE_CLIENTS: NginxVersion = [1, 27, 4];
/** How long they then live on at least, in s. */
export const KEEPALIVE_MIN_S = 5;
/**
 * How long the old colour is held for nginx processes that a reload has replaced: they go on sending it what comes on
 * connections that clients had opened before. In ms, longer than those may stay idle.
 */
export const HOLD_MS = (KEEPALIVE_MIN_S + 1) * 1_000;

const MEASURED = '135 to 273 of about 115,000 requests in 50 switches';

/**
 * What a switch by reload cannot promise.
 *
 * @param version null: it is not known, since nginx is not on this machine
 * @returns null where it loses nothing
 */
export function caveatOf(version: NginxVersion | null): string | null {
  if (version !== null && isAtLeast(version, SPARES_IDLE_CLIENTS)) return null;
  const which = version === null ? 'An nginx before 1.27.4' : `nginx ${version.join('.')}`;
  return [
    `${which} may reset the next request on a kept connection of a client when it reloads (measured: ${MEASURED}).`,
    'Nothing is lost with 1.27.4 or newer, nor with switch.strategy: socket.',
  ].join(' ');
}

/** The content of the file that nginx includes: the one server that gets the traffic. */
export function renderLive(colour: Colour | null, settings: SwitchSettings): string {
  const head = '# Written anew at each switch by `npm run deploy`. Changes by hand are lost.';
  const server = addressOf(settings, colour ?? 'blue');
  return `${head}\nserver ${quote(server)}${colour === null ? ' down' : ''};\n`;
}

/** @returns the colour that such a file names; null for none, and for a file that somebody else wrote */
export function colourIn(text: string, settings: SwitchSettings): Colour | null {
  const [, address] = /^server "([^"]+)";$/m.exec(text) ?? [];
  if (address === addressOf(settings, 'blue')) return 'blue';
  return address === addressOf(settings, 'green') ? 'green' : null;
}

/** As nginx writes it. */
export function addressOf({ host, ports }: SwitchSettings, colour: Slot): string {
  return `${host.includes(':') ? `[${host}]` : host}:${ports[colour]}`;
}

/** @returns what nginx's log says about a configuration that its master did not take */
export function emergenciesIn(log: string): readonly string[] {
  return log.split('\n').filter((line) => line.includes('[emerg]'));
}

/** Whether that is nginx's last word: a port that is taken is tried again for a while. */
export function isRefusal(emergencies: readonly string[]): boolean {
  return emergencies.some((line) => !line.includes('bind() to'));
}

/**
 * Whose file it is that nginx refuses.
 *
 * @param lines nginx's own words, such as `[emerg] unknown directive "x" in /etc/nginx/sites-enabled/other:3`
 * @param own the files of this site
 * @returns the file of somebody else; null when it is one of ours, or none is named
 */
export function strangeFileIn(lines: readonly string[], own: readonly string[]): string | null {
  const named = lines.flatMap((line) => / in (\/.+):\d+$/.exec(line.trim())?.[1] ?? []);
  return named.find((file) => !own.includes(file)) ?? null;
}
