// The figures of strangers.mjs alone, as lines of a table.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { machine, othersCores } from './process.mjs';
import { reportStrangers } from './strangers-report.mjs';
import { print } from './table.mjs';

const folder = mkdtempSync(path.join(tmpdir(), 'twofold-strangers-'));
try {
  const others = await othersCores(1);
  await reportStrangers(folder, { seconds: Number(process.env.SECONDS ?? 10) });
  console.log(`${machine()}; others at work: ${others.toFixed(2)} cores\n`);
  print({ hasVerdicts: others <= 0.1 });
} finally {
  rmSync(folder, { recursive: true, force: true });
}
