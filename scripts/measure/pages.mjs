// The Security page on a processor slowed four times and a line of 1.6 Mbit/s: when something of it is seen, and when its button
// can be used. Cold: a browser that has never been here. Warm: the same browser once more. And how long the console takes after
// a sign-in.

import { mkdtempSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterSignIn, LINE, slow } from './after-sign-in.mjs';
import { post, seed, start } from './server.mjs';
import { median } from './table.mjs';

const { chromium } = createRequire(path.resolve(import.meta.dirname, '../../end2end/package.json'))('@playwright/test');

const ROUNDS = 5;
const PAGE = '/users/settings/security';
const SLOWER = 4;
/** ms of delay of each answer: none, and that of a telephone's network. */
const DELAYS = [0, LINE.delay];
/** ms for which the sign-in page is open before somebody signs in, and within how many the console is to be usable then. */
const OPEN = [[4_000, 1_000], [0, 2_000]];

const data = mkdtempSync(path.join(tmpdir(), 'twofold-pages-'));
let server;
let browser;
try {
  const { password } = seed(data, { users: 2, accounts: 1 });
  server = await start(data);
  const { cookie } = await post(server.address, 'sign-in/password', { email: 'user0@seed.example', password });
  const args = process.getuid() === 0 ? ['--no-sandbox', '--disable-gpu'] : ['--disable-gpu'];
  browser = await chromium.launch({ executablePath: process.env.END2END_CHROMIUM ?? '/usr/bin/chromium', args });
  console.log('| Security page | first paint | WebAssembly is there | usable |');
  console.log('| --- | ---: | ---: | ---: |');
  for (const delay of DELAYS) {
    const visits = { cold: [], warm: [] };
    for (let round = 0; round < ROUNDS; round += 1) {
      const { cold, warm } = await visitTwice(cookie, delay);
      visits.cold.push(cold);
      visits.warm.push(warm);
    }
    for (const [kind, all] of Object.entries(visits)) {
      const [paint, program, usable] = ['paint', 'program', 'usable'].map((what) => `${median(all.map((one) => one[what])).toFixed(0)} ms`);
      console.log(`| ${kind} cache, ${delay} ms of delay | ${paint} | ${program} | ${usable} |`);
    }
  }
  console.log('\n| after a sign-in, page open for | console usable | to reach |');
  console.log('| --- | ---: | ---: |');
  for (const [open, most] of OPEN) {
    const times = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      times.push(await afterSignIn(browser, server.address, { email: 'user0@seed.example', password }, open));
    }
    console.log(`| ${open} ms | ${median(times).toFixed(0)} ms | ${most} ms |`);
  }
} finally {
  await browser?.close();
  await server?.stop();
  rmSync(data, { recursive: true, force: true });
}

/** A new browser comes, and comes again. */
async function visitTwice(cookie, delay) {
  const context = await browser.newContext();
  const pairs = cookie.split('; ').map((pair) => pair.split('='));
  await context.addCookies(pairs.map(([name, value]) => ({ name, value, url: server.address })));
  const page = await context.newPage();
  const tools = await slow(page, { ...LINE, delay });
  await tools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const cold = await visit(page);
  const warm = await visit(page);
  await context.close();
  return { cold, warm };
}

/** Moments in ms since the navigation began, as the page's own clock has them. */
async function visit(page) {
  await page.goto(server.address + PAGE, { waitUntil: 'commit' });
  await page.getByRole('button', { name: /two-factor|Enable|Disable/i }).first().waitFor();
  return page.evaluate(() => {
    const usable = performance.now();
    const paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Number.NaN;
    const program = performance.getEntriesByType('resource').find((one) => one.name.endsWith('.wasm'))?.responseEnd ?? Number.NaN;
    return { paint, program, usable };
  });
}
