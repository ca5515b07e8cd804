// What the Users page of an account of 10,000 costs: the list, its orders, its filters and a search, at the first page and
// a later one.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { post, seed, start } from './server.mjs';
import { median } from './table.mjs';

const USERS = 10_000;
const TIMES = 100;
const WARM_UP = 20;
/** Milliseconds, with the way to the server and back. */
const MOST = 20;
const CHEAP = { TWOFOLD_PASSWORD_HASH_MEMORY_KIB: '8192', TWOFOLD_PASSWORD_HASH_PASSES: '1' };
const QUESTIONS = {
  'by name': {},
  'by two-factor authentication': { sort: 'two_factor' },
  'by last active': { sort: 'last_active' },
  'without one that counts': { two_factor: 'without' },
  'two-factor authentication off': { two_factor: 'off' },
  'an app': { two_factor: 'app' },
  'developers': { role: 'developer' },
  'developers without, by last active': { two_factor: 'without', role: 'developer', sort: 'last_active' },
  'search that finds few': { search: 'user42' },
  'search that finds all': { search: 'seed.example' },
  'search that finds nobody': { search: 'nobody at all' },
  'search, by last active': { search: 'user4', sort: 'last_active' },
};

const data = mkdtempSync(path.join(tmpdir(), 'twofold-users-'));
try {
  const { password } = await seed(data, { users: USERS, accounts: 1 }, CHEAP);
  const server = await start(data, CHEAP);
  const { cookie } = await post(server.address, 'sign-in/password', { email: 'user0@seed.example', password });
  const ask = (query) => post(server.address, 'team/users', { account: 'any', query }, cookie);
  console.log('| users of an account of 10,000, median in ms | first page | second page | |');
  console.log('|---|---|---|---|');
  let isOver = false;
  for (const [what, query] of Object.entries(QUESTIONS)) {
    const { next } = (await ask(query)).answer;
    const first = await medianOf(() => ask(query));
    const second = next ? await medianOf(() => ask({ ...query, after: next })) : undefined;
    const over = Math.max(first, second ?? 0) > MOST;
    isOver ||= over;
    console.log(`| ${what} | ${first.toFixed(1)} | ${second?.toFixed(1) ?? '–'} | ${over ? 'over' : 'good'} |`);
  }
  await server.stop();
  process.exitCode = isOver ? 1 : 0;
} finally {
  rmSync(data, { recursive: true, force: true });
}

async function medianOf(act) {
  const taken = [];
  for (let index = 0; index < WARM_UP + TIMES; index += 1) {
    const began = performance.now();
    await act();
    if (index >= WARM_UP) {
      taken.push(performance.now() - began);
    }
  }
  return median(taken);
}
