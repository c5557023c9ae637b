// Bytes as text and back: UTF-8, base64, hexadecimal, decimal numbers, times.
// Each reads one spelling only, so that no two texts mean the same bytes.

const ENCODER = new TextEncoder();
const DECODER = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const SIXES = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
const SIX_OF = new Int8Array(128).fill(-1);
for (let six = 0; six < 64; six += 1) SIX_OF[SIXES.charCodeAt(six)] = six;
const HEX = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

export function bytesOf(text) {
  return ENCODER.encode(text);
}

/** The text of these bytes, or null if they are not UTF-8. */
export function textOf(bytes) {
  try {
    return DECODER.decode(bytes);
  } catch {
    return null;
  }
}

export function hexOf(bytes) {
  let text = '';
  for (const byte of bytes) text += HEX[byte];
  return text;
}

/** The bytes of lower-case hexadecimal digits, or null. */
export function bytesOfHex(text) {
  if (text.length % 2 !== 0 || !/^[0-9a-f]*$/.test(text)) return null;
  const bytes = new Uint8Array(text.length / 2);
  for (let at = 0; at < bytes.length; at += 1) bytes[at] = parseInt(text.slice(2 * at, 2 * at + 2), 16);
  return bytes;
}

export function base64Of(bytes) {
  let text = '';
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const three = (bytes[at] << 16) | ((bytes[at + 1] ?? 0) << 8) | (bytes[at + 2] ?? 0);
    text += SIXES[three >> 18] + SIXES[(three >> 12) & 63];
    text += left > 1 ? SIXES[(three >> 6) & 63] : '=';
    text += left > 2 ? SIXES[three & 63] : '=';
  }
  return text;
}

/** The bytes of standard base64 with its padding, or null. */
export function bytesOfBase64(text) {
  if (typeof text !== 'string' || text.length % 4 !== 0) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const bytes = new Uint8Array((text.length / 4) * 3 - padding);
  let held = 0;
  let bits = 0;
  let at = 0;
  for (let index = 0; index < text.length - padding; index += 1) {
    const code = text.charCodeAt(index);
    const six = code < 128 ? SIX_OF[code] : -1;
    if (six < 0) return null;
    held = ((held << 6) | six) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at] = (held >> bits) & 255;
      at += 1;
    }
  }
  // What is left over must be zero, or another text would mean the same.
  return (held & ((1 << bits) - 1)) === 0 ? bytes : null;
}

export function sameBytes(left, right) {
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at += 1) if (left[at] !== right[at]) return false;
  return true;
}

/** As strings of bytes are compared: by the first byte that differs. */
export function compareBytes(left, right) {
  const length = Math.min(left.length, right.length);
  for (let at = 0; at < length; at += 1) if (left[at] !== right[at]) return left[at] - right[at];
  return left.length - right.length;
}

/** By the bytes of their UTF-8, which is the order of their code points. */
export function compareText(left, right) {
  if (left === right) return 0;
  return compareBytes(bytesOf(left), bytesOf(right));
}

/** A whole number without sign or leading zeros that JavaScript can hold, or null. */
export function wholeOf(text) {
  if (!/^(0|[1-9][0-9]{0,15})$/.test(text)) return null;
  const number = Number(text);
  return Number.isSafeInteger(number) ? number : null;
}

/** Nanoseconds since 1970 of an RFC 3339 time in UTC, or null. */
export function timeOf(text) {
  if (typeof text !== 'string') return null;
  const parts = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|\+00:00)$/.exec(text);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts.slice(1, 7).map(Number);
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  date.setUTCHours(hour, minute, second);
  const real = date.getUTCMonth() === month - 1 && date.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  if (!real || month < 1) return null;
  return BigInt(date.getTime() / 1000) * 1_000_000_000n + BigInt((parts[7] ?? '').padEnd(9, '0'));
}
