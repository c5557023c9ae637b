// What every browser has and Node only since version 19.

import { webcrypto } from 'node:crypto';

globalThis.crypto ??= webcrypto;
