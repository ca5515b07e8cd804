// The medians that criterion left in its folder, as a table.

import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const folder = process.env.CRITERION_HOME;
const read = (file) => JSON.parse(readFileSync(path.join(folder, file), 'utf8'));
const results = readdirSync(folder, { recursive: true }).filter((file) => file.endsWith('new/estimates.json'));

console.log('| rule | median |');
console.log('|---|---:|');
for (const file of results.toSorted()) {
  const { full_id: name } = read(path.join(path.dirname(file), 'benchmark.json'));
  console.log(`| ${name.replace('/', ': ')} | ${inWords(read(file).median.point_estimate)} |`);
}

function inWords(nanoseconds) {
  const steps = Math.min(2, Math.floor(Math.log10(Math.max(1, nanoseconds)) / 3));
  return `${(nanoseconds / 1000 ** steps).toPrecision(3)} ${['ns', 'µs', 'ms'][steps]}`;
}
