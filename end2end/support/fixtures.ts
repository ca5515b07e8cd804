// The fixtures of every spec: a server of its own, and watchers for console errors, foreign requests and leaked secrets.

import { AxeBuilder } from '@axe-core/playwright';
import { test as base, expect, type BrowserContext, type Page } from '@playwright/test';
import path from 'node:path';

import { MailServer } from './mail-server.ts';
import { leaks, leaksInPages, Secrets } from './secrets.ts';
import { ada, createUser, newDataFolder, proveMailboxes, Twofold, type Person } from './twofold.ts';

export { expect };

interface Options {
  /** Who exists when the server starts; nobody means a first start. In an object: Playwright takes a list for something else. */
  people: { all: Person[] };
  /** Whether browsers count as having proven the mailbox from the first sign-in on. */
  mailboxesProven: boolean;
  /** Settings besides the defaults, as environment variables. */
  settings: Record<string, string>;
  /** Whether a mail server is set; what it takes is read as the outbox is. */
  mailServer: boolean;
}

interface Fixtures {
  /** What the test knows that must stand nowhere when it is over. */
  secrets: Secrets;
  server: Twofold;
  /** A second browser that shares nothing with the first. */
  otherBrowser: Page;
  watched: void;
}

export const test = base.extend<Options & Fixtures>({
  people: [{ all: [ada] }, { option: true }],
  mailboxesProven: [true, { option: true }],
  settings: [{}, { option: true }],
  mailServer: [false, { option: true }],

  secrets: async ({}, use) => use(new Secrets()),

  server: async ({ people, mailboxesProven, settings, mailServer, secrets }, use) => {
    const data = await newDataFolder();
    for (const person of people.all) {
      createUser(data, person);
      secrets.add(person.password);
    }
    if (mailboxesProven && people.all.length > 0) {
      proveMailboxes(data);
    }
    const mail = mailServer ? await MailServer.start(data) : undefined;
    const withMail: Record<string, string> = mail ? { TWOFOLD_MAIL_SMTP_URL: mail.url } : {};
    const server = await Twofold.start(data, { ...withMail, ...settings });
    await use(server);
    await secrets.settled();
    // The write-ahead log is gone once the server has ended.
    const found = await leaks(secrets, data, server.printed());
    await server.stop();
    found.push(...(await leaks(secrets, data, server.printed())));
    await server.discard();
    mail?.stop();
    expect([...new Set(found)], 'secrets that the server has left').toEqual([]);
  },

  baseURL: async ({ server }, use) => use(server.address),

  otherBrowser: async ({ browser, baseURL, contextOptions, secrets }, use) => {
    const context = await browser.newContext({ ...contextOptions, baseURL });
    await watched(context, baseURL!, secrets, async () => use(await context.newPage()));
    await context.close();
  },

  watched: [
    async ({ context, baseURL, secrets }, use) => watched(context, baseURL!, secrets, use),
    { auto: true },
  ],
});

/** Keeps an eye on a browser while it is used. */
export async function watched(
  context: BrowserContext,
  origin: string,
  secrets: Secrets,
  use: () => Promise<void>,
): Promise<void> {
  const complaints = watch(context, origin);
  secrets.follow(context, origin);
  await use();
  await secrets.settled();
  expect(await leaksInPages(secrets, context), 'secrets that pages have left').toEqual([]);
  expect(complaints, 'console and network of the page').toEqual([]);
}

/** Collects console errors and warnings, exceptions, and requests that leave our origin. */
function watch(context: BrowserContext, origin: string): string[] {
  const complaints: string[] = [];
  // Chromium writes a line for every request that is refused or finds no network; to our own API that is nothing but what
  // pages expect.
  const refusal =
    /^Failed to load resource: (the server responded with a status of (401|403|404|409|422|429|503) |net::ERR_INTERNET_DISCONNECTED)/;
  // An address that is no page is not found, and is a page that says so.
  const missing = new Set<string>();
  context.on('response', (response) => {
    if (response.status() === 404 && response.request().isNavigationRequest()) {
      missing.add(response.url());
    }
  });
  context.on('console', (message) => {
    if (message.type() !== 'error' && message.type() !== 'warning') {
      return;
    }
    const { url } = message.location();
    const ours = url.startsWith(`${origin}/api/`) || missing.has(url);
    if (!(ours && refusal.test(message.text()))) {
      complaints.push(`${message.type()}: ${message.text()} (${message.location().url})`);
    }
  });
  context.on('weberror', (error) => complaints.push(`exception: ${error.error().message}`));
  context.on('request', (request) => {
    const address = new URL(request.url());
    if (address.origin !== origin && !['blob:', 'data:'].includes(address.protocol)) {
      complaints.push(`request to another origin: ${request.url()}`);
    }
  });
  return complaints;
}

/** Fails on anything that axe-core finds wrong with what is on the screen, in both colour schemes. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await settle(page);
    const { violations } = await new AxeBuilder({ page }).analyze();
    const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    expect(found, `axe-core, ${colorScheme}`).toEqual([]);
  }
  await page.emulateMedia({ colorScheme: null, reducedMotion: null });
}

/** Waits for what moves or fades, except for what does so for ever: half way its colours are of no state. */
async function settle(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const passing = document
      .getAnimations()
      .filter(({ effect }) => effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(passing.map(({ finished }) => finished));
  });
}

/** Pictures of a state for people to look at: wide and narrow, light and dark, under end2end/output. */
export async function picture(page: Page, name: string): Promise<void> {
  const before = page.viewportSize()!;
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    for (const width of [before.width, 360]) {
      await page.setViewportSize({ ...before, width });
      await page.screenshot({
        path: path.resolve(import.meta.dirname, `../output/${name}-${colorScheme}-${width}.png`),
        animations: 'disabled',
      });
    }
    await page.setViewportSize(before);
  }
  await page.emulateMedia({ colorScheme: null });
}

/** Nothing may scroll sideways. */
export async function expectNoSidewaysScroll(page: Page): Promise<void> {
  const { scroll, shown } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    shown: document.documentElement.clientWidth,
  }));
  expect(scroll).toBeLessThanOrEqual(shown);
}
