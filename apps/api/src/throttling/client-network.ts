import { isIPv4, isIPv6 } from 'node:net';

/** Groups of an IPv6 address that name the network: whoever has one address has all of its /64. */
const NETWORK_GROUPS = 4;
const GROUPS = 8;
const MAPPED = /^::ffff:([0-9a-f]{1,4}):([0-9a-f]{1,4})$/;
/** One bucket for all who cannot be told apart, so that nonsense buys nothing. */
const UNKNOWN = 'unknown';

/**
 * Whom a limit by address counts: an IPv4 address, or the /64 of an IPv6 address.
 *
 * @param address as the proxy says it; may be anything
 */
export function networkOf(address: string | undefined): string {
  if (address === undefined) return UNKNOWN;
  if (isIPv4(address)) return address;
  const plain = address.split('%', 1)[0] ?? '';
  return isIPv6(plain) ? networkOfIPv6(new URL(`http://[${plain}]`).hostname.slice(1, -1)) : UNKNOWN;
}

/** @param canonical lower-case hexadecimal groups with at most one `::` */
function networkOfIPv6(canonical: string): string {
  const [, high, low] = MAPPED.exec(canonical) ?? [];
  if (high !== undefined && low !== undefined)
    return dotted(Number.parseInt(high, 16), Number.parseInt(low, 16));
  const [head = '', tail] = canonical.split('::');
  const groups = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = Array.from({ length: GROUPS - groups.length - after.length }, () => '0');
  return `${[...groups, ...zeros, ...after].slice(0, NETWORK_GROUPS).join(':')}::/64`;
}

function dotted(high: number, low: number): string {
  return [high >> 8, high & 255, low >> 8, low & 255].join('.');
}
