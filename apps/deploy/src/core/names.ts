import { COLOURS, type Colour, type Placed, type Slot } from './colour';

/** A socket's name shows this much of a release id: with 40-digit ids the path would not fit a socket address. */
const RELEASE_CHARACTERS = 12;

/** A unix socket path holds 108 bytes, the last of which is the closing zero. */
export const MAX_SOCKET_PATH_BYTES = 107;

/** Ids are part of file names, of a header and of an nginx log: no other characters. */
export const RELEASE_ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The name that nginx connects to. It always points at the socket of the colour that serves. */
export const LIVE_LINK = 'live.sock';

/** Each release on each colour has a name of its own: processes sharing one would delete each other's socket. */
export function socketName({ colour, release }: Placed): string {
  return `${colour}-${release.slice(0, RELEASE_CHARACTERS)}.sock`;
}

export function isSocketOf(name: string, slot: Slot): boolean {
  return name.startsWith(`${slot}-`) && name.endsWith('.sock');
}

/** @returns the colour whose socket this is, or null for a name that this tool did not make */
export function colourOfSocket(name: string): Colour | null {
  return COLOURS.find((colour) => isSocketOf(name, colour)) ?? null;
}
