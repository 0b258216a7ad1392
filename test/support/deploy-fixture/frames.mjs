// @ts-check
import { createHash, randomBytes } from 'node:crypto';

/**
 * As much of RFC 6455 as echo sockets need: whole messages of text, ping, pong and close. Without a package, because
 * the fixture runs from its own folder alone: in containers and on machines that have no node_modules.
 */

/** @typedef {{ kind: 'text' | 'ping' | 'pong', text: string } | { kind: 'close', code: number }} Frame */

const OPCODES = /** @type {const} */ ({ text: 1, close: 8, ping: 9, pong: 10 });
const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
/** What a close without a code means. */
const NO_CODE = 1005;

/** @param {string} key of the client's handshake @returns what the server must answer to it */
export function acceptKey(key) {
  return createHash('sha1')
    .update(key + GUID)
    .digest('base64');
}

/** @param {string} text @param {{ masked?: boolean, kind?: 'text' | 'ping' | 'pong' }} [options] masked: by clients */
export function textFrame(text, { masked = false, kind = 'text' } = {}) {
  return encode(OPCODES[kind], Buffer.from(text), masked);
}

/** @param {number} code @param {{ masked?: boolean }} [options] */
export function closeFrame(code, { masked = false } = {}) {
  const payload = Buffer.alloc(2);
  payload.writeUInt16BE(code);
  return encode(OPCODES.close, payload, masked);
}

/** @param {number} opcode @param {Buffer} payload @param {boolean} isMasked */
function encode(opcode, payload, isMasked) {
  const bit = isMasked ? 0x80 : 0;
  const { length } = payload;
  const head = Buffer.alloc(length < 126 ? 2 : 4);
  if (length > 0xffff) throw new RangeError('a message of the fixture has 64 kB at most');
  head[0] = 0x80 | opcode;
  head[1] = bit | (length < 126 ? length : 126);
  if (length >= 126) head.writeUInt16BE(length, 2);
  if (!isMasked) return Buffer.concat([head, payload]);
  const mask = randomBytes(4);
  return Buffer.concat([head, mask, masked(payload, mask)]);
}

/** @param {Buffer} payload @param {Buffer} mask */
function masked(payload, mask) {
  return payload.map((byte, index) => byte ^ (mask[index % 4] ?? 0));
}

/** Cuts what arrives into frames. */
export class FrameReader {
  /** @type {Buffer} */
  #rest = Buffer.alloc(0);

  /** @param {Buffer} chunk @returns {Frame[]} those that are whole now */
  push(chunk) {
    this.#rest = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames = [];
    for (let next = this.#take(); next !== null; next = this.#take()) frames.push(next);
    return frames;
  }

  /** @returns {Frame | null} */
  #take() {
    const bytes = this.#rest;
    if (bytes.length < 2) return null;
    const [first = 0, second = 0] = bytes;
    const isLong = (second & 0x7f) === 126;
    const maskAt = isLong ? 4 : 2;
    const payloadAt = maskAt + (second & 0x80 ? 4 : 0);
    if (bytes.length < payloadAt) return null;
    const length = isLong ? bytes.readUInt16BE(2) : second & 0x7f;
    if (length === 127 || !(first & 0x80))
      throw new RangeError('the fixture takes whole messages up to 64 kB');
    const end = payloadAt + length;
    if (bytes.length < end) return null;
    const payload = bytes.subarray(payloadAt, end);
    this.#rest = bytes.subarray(end);
    return frameOf(
      first & 0x0f,
      second & 0x80 ? masked(payload, bytes.subarray(maskAt, payloadAt)) : payload,
    );
  }
}

/** @param {number} opcode @param {Uint8Array} payload @returns {Frame} */
function frameOf(opcode, payload) {
  const bytes = Buffer.from(payload);
  if (opcode === OPCODES.close) {
    return { kind: 'close', code: bytes.length >= 2 ? bytes.readUInt16BE(0) : NO_CODE };
  }
  const kinds = /** @type {const} */ (['text', 'ping', 'pong']);
  const kind = kinds.find((name) => OPCODES[name] === opcode);
  if (kind === undefined) throw new RangeError(`the fixture does not know opcode ${opcode}`);
  return { kind, text: bytes.toString() };
}
