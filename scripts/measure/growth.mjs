// What a thousand times the users cost: the same requests of a database of 1,000 and of 1,000,000 users, in accounts of
// a thousand. Takes a few minutes and 2 GB of disk, most of it for seeding.

import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { get, post, seed, start } from './server.mjs';
import { median } from './table.mjs';

const SIZES = [1_000, Number(process.env.GROWTH_USERS ?? 1_000_000)];
const IN_AN_ACCOUNT = 1_000;
const TIMES = 200;
const SIGN_INS = 40;
/** Before anything counts: this program and the server's caches are warm then, as they are in use. */
const WARM_UP = 30;
const MOST = 1.2;
/** The cheapest hash there is, so that what grows can be seen beside it. */
const CHEAP = { TWOFOLD_PASSWORD_HASH_MEMORY_KIB: '8192', TWOFOLD_PASSWORD_HASH_PASSES: '1' };
const METRICS = '127.0.0.1:9464';
const query = {};
const PAGES = {
  'session check': ['session/state', {}],
  'Security page': ['two-factor/overview', {}],
  'list of sessions': ['sessions/list', {}],
  'own activity': ['sessions/activity', { before: null }],
  'list of accounts': ['accounts/list', {}],
  'overview of an account': ['account/overview', { account: 'any' }],
  'settings of an account': ['account/settings', { account: 'any' }],
  'users of an account': ['team/users', { account: 'any', query }],
  'activity of an account': ['account/activity', { account: 'any', query: {} }],
};
const SIGN_IN = 'sign-in, with the cheapest hash';

const columns = [];
// Once for nothing: this program is slower at first, which the smaller one would be charged with.
await measure(SIZES[0]);
for (const users of SIZES) {
  columns.push(await measure(users));
}
print();

async function measure(users) {
  const data = mkdtempSync(path.join(tmpdir(), 'twofold-growth-'));
  const figures = {};
  try {
    const amounts = { users, accounts: users / IN_AN_ACCOUNT };
    const { password } = await timed(figures, 'seeding', () => seed(data, amounts, CHEAP));
    figures['size of the database, MB'] = (sizeOf(data, 'twofold.db') + sizeOf(data, 'twofold.db-wal')) / 1e6;
    const server = await timed(figures, 'start to first answer', async () => {
      const started = await start(data, { ...CHEAP, TWOFOLD_METRICS_LISTEN: METRICS });
      await post(started.address, 'session/state', {});
      return started;
    });
    await ask(server, password, users, figures);
    figures['scrape of metrics'] = await medianOf(20, () => get(`http://${METRICS}`, '/metrics', '*/*'));
    await server.stop();
    return figures;
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
}

async function ask({ address }, password, users, figures) {
  // Somebody who owns an account and has no second factor.
  const owner = Math.floor(users / IN_AN_ACCOUNT / 4) * 2;
  const person = (index) => ({ email: `user${index}@seed.example`, password });
  const { cookie } = await post(address, 'sign-in/password', person(owner));
  for (const [what, [name, argument]] of Object.entries(PAGES)) {
    figures[what] = await medianOf(TIMES, () => post(address, name, argument, cookie));
  }
  const apart = 2 * Math.floor(users / 2 / (SIGN_INS + 2));
  let next = owner;
  figures[SIGN_IN] = await medianOf(SIGN_INS, () => {
    next = (next + apart) % users;
    return post(address, 'sign-in/password', person(next));
  }, 2);
}

function sizeOf(folder, file) {
  return statSync(path.join(folder, file), { throwIfNoEntry: false })?.size ?? 0;
}

async function timed(figures, what, act) {
  const began = performance.now();
  const done = await act();
  figures[what] = performance.now() - began;
  return done;
}

async function medianOf(times, act, warmUp = WARM_UP) {
  const taken = [];
  for (let index = 0; index < warmUp; index += 1) {
    await act();
  }
  for (let index = 0; index < times; index += 1) {
    const began = performance.now();
    await act();
    taken.push(performance.now() - began);
  }
  return median(taken);
}

function print() {
  const titles = SIZES.map((users) => users.toLocaleString('en'));
  console.log(`| median, in ms | ${titles.join(' users | ')} users | times | |`);
  console.log('|---|---|---|---|---|');
  for (const what of Object.keys(columns[0])) {
    const [few, many] = columns.map((figures) => figures[what]);
    const times = many / few;
    const isLimited = what in PAGES || what === SIGN_IN;
    const verdict = isLimited ? (times <= MOST ? 'good' : 'over') : '';
    console.log(`| ${what} | ${few.toFixed(2)} | ${many.toFixed(2)} | ${times.toFixed(2)} | ${verdict} |`);
  }
}
