// Runs the page's own checks in Node.

import { readFileSync } from 'node:fs';

import './runtime.mjs';
import { verify } from '../src/verify.mjs';

export const SENTENCES = JSON.parse(readFileSync(new URL('../../verifier/sentences.json', import.meta.url), 'utf8'));

export async function reportOf(text, options = {}) {
  const { report } = await verify({ file: new Blob([text]), sentences: SENTENCES, ...options });
  return report;
}
