// Prints the page's report of a file as `plaudit verify --json` prints its own,
// so that the two can be compared: node report.mjs FILE

import { readFileSync } from 'node:fs';

import { reportOf } from './verifying.mjs';

const report = await reportOf(readFileSync(process.argv[2], 'utf8'));
console.log(JSON.stringify(report.map(({ check, outcome, sentence, lines }) => ({ check, outcome, sentence, lines }))));
