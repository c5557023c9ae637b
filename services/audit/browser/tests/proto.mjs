// Reads the contracts in proto/ into the form of src/contracts.mjs.

import { readdirSync, readFileSync } from 'node:fs';

const PROTO = new URL('../../../../proto/plaudit/', import.meta.url);
const FORMATS = {
  FORMAT_ID: 'id',
  FORMAT_SLUG: 'slug',
  FORMAT_DECIMAL: 'decimal',
  FORMAT_CURRENCY: 'currency',
  FORMAT_TIME_ZONE: 'zone',
  FORMAT_LANGUAGE: 'language',
};
const BYTES = { BYTES_DIGEST: 'digest', BYTES_COMMITMENT: 'commitment', BYTES_SALT: 'salt' };

/** Every message as `{ field: kind }`, every enum as its names from 0. */
export function readContracts() {
  const contracts = { messages: {}, enums: {} };
  for (const folder of ['', 'submissions/', 'panels/', 'scoring/', 'awards/', 'accounts/', 'intake/']) {
    const directory = new URL(`${folder}v1/`, PROTO);
    for (const file of readdirSync(directory)) {
      if (file !== 'options.proto') readFile(contracts, readFileSync(new URL(file, directory), 'utf8'));
    }
  }
  contracts.enums['plaudit.v1.Subject'] = enumsOf(readFileSync(new URL('v1/options.proto', PROTO), 'utf8')).Subject;
  return resolve(contracts);
}

function enumsOf(source) {
  const found = {};
  for (const [, name, body] of source.matchAll(/^enum (\w+) \{([^}]*)\}/gm)) {
    found[name] = Object.fromEntries([...body.matchAll(/^\s*(\w+) = (\d+);/gm)].map(([, value, number]) => [value, Number(number)]));
  }
  return found;
}

function readFile({ messages, enums }, source) {
  const name = /^package ([\w.]+);/m.exec(source)[1];
  for (const [key, values] of Object.entries(enumsOf(source))) enums[`${name}.${key}`] = values;
  const plain = source.replaceAll(/\/\/.*/g, '');
  for (const found of plain.matchAll(/^message (\w+) \{/gm)) {
    const from = found.index + found[0].length;
    messages[`${name}.${found[1]}`] = fieldsOf(plain.slice(from, closing(plain, from)), name);
  }
}

/** Where the brace closes that was opened before `from`. */
function closing(text, from) {
  let depth = 1;
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === '{') depth += 1;
    if (text[at] === '}') depth -= 1;
    if (depth === 0) return at;
  }
  throw new Error('a message does not end');
}

function fieldsOf(body, name) {
  const fields = {};
  for (const line of body.matchAll(/(repeated |optional )?([\w.]+) (\w+) = \d+(?: \[\(([\w.]+)\)\s*=\s*(\{[^}]*\}|\w+)\])?;/g)) {
    const [, label = '', type, field, option, value] = line;
    const list = label === 'repeated ' ? '*' : '';
    const optional = label === 'optional ' ? '?' : '';
    fields[field.replaceAll(/_(\w)/g, (_, letter) => letter.toUpperCase())] = list + optional + kindOf({ type, option, value, name });
  }
  return fields;
}

function kindOf({ type, option, value, name }) {
  if (option?.endsWith('sealed')) {
    const [, subject, of] = /SUBJECT_(\w+), of: "(\w+)"/.exec(value);
    return `sealed/${subject}/${of}`;
  }
  if (type === 'string') return FORMATS[value];
  if (type === 'bytes') return BYTES[value];
  if (['uint32', 'uint64', 'int64', 'bool'].includes(type)) return type;
  if (type === 'google.protobuf.Timestamp') return 'time';
  return type.includes('.') ? type : `${name}.${type}`;
}

function resolve({ messages, enums }) {
  const known = (kind) => kind.replace(/^[*?]*/, '');
  for (const [message, fields] of Object.entries(messages)) {
    for (const [field, kind] of Object.entries(fields)) {
      const name = known(kind ?? 'nothing');
      if (name.startsWith('plaudit.') && !messages[name] && !enums[name]) throw new Error(`${message}.${field}: ${kind}`);
      if (name === 'nothing') throw new Error(`${message}.${field} has no kind`);
    }
  }
  return { messages, enums };
}
