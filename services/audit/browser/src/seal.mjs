// A seal: HMAC-SHA-256, keyed by the salt, over "plaudit/seal/v1" and, each after
// its length as eight bytes (the greatest first), stream, field and content.

import { bytesOf } from './bytes.mjs';
import { hmacSha256 } from './sha256.mjs';

const DOMAIN = bytesOf('plaudit/seal/v1');

export function commitmentOf({ salt, stream, field, content }) {
  const parts = [bytesOf(stream), bytesOf(field), content];
  return hmacSha256(salt, DOMAIN, ...parts.flatMap((part) => [lengthOf(part), part]));
}

function lengthOf(part) {
  const prefix = new Uint8Array(8);
  new DataView(prefix.buffer).setUint32(4, part.length);
  return prefix;
}
