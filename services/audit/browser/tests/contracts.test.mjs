import assert from 'node:assert/strict';
import { test } from 'node:test';

import { contracts } from '../src/contracts.mjs';
import { readContracts } from './proto.mjs';

const short = (name) => name.replace('plaudit.', '');

test('the contracts in the page are those of proto/', () => {
  const { messages, enums } = readContracts();
  assert.ok(Object.keys(messages).length > 100);
  const fields = Object.entries(messages).map(([name, fields]) => {
    const written = Object.entries(fields).map(([field, kind]) => `${field}:${short(kind)}`);
    return [short(name), written.join(' ')];
  });
  assert.deepEqual(contracts().messages, Object.fromEntries(fields));
  const values = Object.entries(enums).map(([name, values]) => {
    return [short(name), Object.entries(values).map(([value, number]) => `${number}:${value}`).join(' ')];
  });
  assert.deepEqual(contracts().enums, Object.fromEntries(values));
});
