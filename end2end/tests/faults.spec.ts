// Faults that others had, where it takes a browser to see them; the numbers are those of docs/security.md. Those
// of forms and of names have files of their own.

import { readFile } from 'node:fs/promises';

import type { Locator } from '@playwright/test';

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, test, watched } from '../support/fixtures.ts';
import {
  beginEnabling,
  button,
  dialog,
  enableTwoFactor,
  expectSignedIn,
  field,
  openDialog,
  qrCode,
  SECURITY,
  shownCodes,
  signIn,
  signInWithCode,
  signOut,
} from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

// F69: the picture is made here, and the policy would not let it come from elsewhere.
test('nothing leaves our address while two-factor authentication is set up', async ({ page, context, server }) => {
  const asked: URL[] = [];
  context.on('request', (request) => asked.push(new URL(request.url())));
  await signIn(page, ada);
  const answer = await page.goto(SECURITY);
  const policy = answer!.headers()['content-security-policy']!;
  for (const directive of policy.split(';').map((it) => it.trim().split(/\s+/))) {
    for (const source of directive.slice(1)) {
      expect(source, directive[0]).toMatch(/^('(self|none|wasm-unsafe-eval|sha256-[\w+/=]+)'|data:|blob:)$/);
    }
  }
  await enableTwoFactor(page, ada);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((it) => !['blob:', 'data:'].includes(it.protocol) && it.origin !== server.address)).toEqual([]);
  // What goes to our own address as a URL is logged by proxies: no key, no address of a person.
  expect(asked.filter((it) => it.search !== '').map(String)).toEqual([]);
});

// F71: after the set-up the key is nowhere that a page or a script could read.
test('the key is gone from page, storage, history and answers once it is proven', async ({ page, context }) => {
  await signIn(page, ada);
  const { app } = await enableTwoFactor(page, ada);
  const key = app.secret.match(/.{4}/g)!.join(' ');
  const bodies: Promise<string>[] = [];
  context.on('response', (response) => bodies.push(response.text().catch(() => '')));
  const expectNoKey = async () => {
    const left = await page.evaluate(async () =>
      JSON.stringify([
        document.documentElement.outerHTML,
        history.state,
        { ...localStorage },
        { ...sessionStorage },
        await indexedDB.databases(),
        await caches.keys().catch(() => []),
        performance.getEntries().map((entry) => entry.name),
        Array.from(document.querySelectorAll('input'), (input) => input.value),
      ]),
    );
    for (const form of [app.secret, key, 'otpauth']) {
      expect(left.toUpperCase()).not.toContain(form.toUpperCase());
    }
  };
  await expectNoKey();
  await page.reload();
  await expect(button(page, 'Disable')).toBeVisible();
  await expectNoKey();
  for (const opener of ['Disable', 'New recovery codes', 'Replace authenticator app']) {
    const opened = await openDialog(page, opener, opener === 'Disable' ? 'Disable two-factor authentication' : opener);
    await expect(qrCode(opened)).toHaveCount(0);
    await page.keyboard.press('Escape');
    await expect(opened).toBeHidden();
  }
  await page.goBack();
  await page.goForward();
  await expect(button(page, 'Disable')).toBeVisible();
  await expectNoKey();
  for (const body of await Promise.all(bodies)) {
    expect(body).not.toContain(app.secret);
    expect(body).not.toContain(key);
  }
});

// F112: the second half of a double click that was lured over from another window.
test('a dangerous button does nothing for half a second after it appears or its window comes to the front', async ({
  page,
  otherBrowser,
}) => {
  await signIn(page, ada);
  const { app } = await enableTwoFactor(page, ada);
  await signInWithCode(otherBrowser, ada, await app.nextCode());
  await expectSignedIn(otherBrowser);
  let disabled = false;
  page.on('request', (request) => (disabled ||= request.url().endsWith('/two-factor/disable')));
  await page.clock.install();
  await page.goto(SECURITY);
  await expect(button(page, 'Disable')).toBeVisible();
  await page.clock.pauseAt(new Date(Date.now() + 60_000));
  const expectToWait = async (dangerous: Locator) => {
    await expect(dangerous).toBeDisabled();
    await dangerous.click({ force: true });
    await page.clock.runFor(490);
    await expect(dangerous).toBeDisabled();
    await page.clock.runFor(20);
    await expect(dangerous).toBeEnabled();
  };
  for (const [opener, title, act] of [
    ['Disable', 'Disable two-factor authentication', 'Disable two-factor authentication'],
    ['End all other sessions', 'End all other sessions', 'End all other sessions'],
  ] as const) {
    await button(page, opener).first().click();
    const opened = dialog(page, title);
    const dangerous = button(opened, act);
    await expectToWait(dangerous);
    await expect(opened).toBeVisible();
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expectToWait(dangerous);
    await page.keyboard.press('Escape');
  }
  // Nor does Enter in a field press it.
  await button(page, 'Disable').click();
  const disabling = dialog(page, 'Disable two-factor authentication');
  await field(disabling, 'Password').fill(ada.password);
  await field(disabling, 'Password').press('Enter');
  expect(disabled).toBe(false);
  await page.clock.runFor(510);
  await field(disabling, 'Password').press('Enter');
  await page.clock.resume();
  await expect(disabling).toBeHidden();
  expect(disabled).toBe(true);
});

// F144: taken away by clipboard, file and paper; on paper there is nothing but the codes, black on white.
test('recovery codes can be copied, saved and printed', async ({ page }) => {
  await signIn(page, ada);
  const enabling = await beginEnabling(page, ada);
  const app = await AuthenticatorApp.scan(qrCode(enabling));
  await field(enabling, 'Code').fill(await app.nextCode());
  await button(enabling, 'Turn on').click();
  const codes = await shownCodes(enabling);
  await button(enabling, 'Copy codes').click();
  await expect(enabling.getByText('Copied.')).toBeVisible();
  const downloading = page.waitForEvent('download');
  await button(enabling, 'Download codes').click();
  const file = await readFile(await (await downloading).path(), 'utf8');
  expect(file.split('\n').filter((line) => codes.includes(line))).toEqual(codes);
  expect(file).toContain(ada.email);

  await page.evaluate(() => {
    window.print = () => document.documentElement.setAttribute('data-printed', '');
  });
  await button(enabling, 'Print codes').click();
  await expect(page.locator('html[data-printed]')).toHaveCount(1);
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  await expect(page.getByText(codes[0]!)).toBeVisible();
  await expect(enabling.getByText(`Twofold recovery codes for ${ada.email}`)).toBeVisible();
  for (const other of ['navigation', 'banner', 'button', 'checkbox', 'contentinfo'] as const) {
    await expect(page.getByRole(other)).toHaveCount(0);
  }
  const paper = await page.evaluate(() => {
    const list = document.querySelector('.recovery-codes')!;
    const colours = [getComputedStyle(list).color];
    for (let element: Element | null = list; element; element = element.parentElement) {
      colours.push(getComputedStyle(element).backgroundColor);
    }
    return colours;
  });
  expect(paper[0]).toBe('rgb(0, 0, 0)');
  for (const behind of paper.slice(1)) {
    expect(['rgb(255, 255, 255)', 'rgba(0, 0, 0, 0)']).toContain(behind);
  }
  expect((await page.pdf()).length).toBeGreaterThan(1000);
});

// Signing out: neither Back nor a page that the browser has kept whole in memory shows anything.
test('after signing out elsewhere, Back shows nothing, though the browser keeps pages in memory', async ({
  playwright,
  launchOptions,
  contextOptions,
  server,
  secrets,
}) => {
  // Playwright turns that memory off; people have it on.
  const browser = await playwright.chromium.launch({
    ...launchOptions,
    ignoreDefaultArgs: ['--disable-back-forward-cache'],
  });
  const context = await browser.newContext({ ...contextOptions, baseURL: server.address });
  await watched(context, server.address, secrets, async () => {
    const page = await context.newPage();
    await signIn(page, ada);
    await page.goto(SECURITY);
    await expect(button(page, 'Enable')).toBeVisible();
    await page.evaluate(() => window.addEventListener('pagehide', (event) => sessionStorage.setItem('kept', String(event.persisted))));
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    const other = await context.newPage();
    await other.goto(SECURITY);
    const answered = other.waitForResponse('**/api/session/sign-out');
    await signOut(other);
    expect((await (await answered).allHeaders())['clear-site-data']).toContain('storage');
    await page.goBack();
    await expect(field(page, 'E-mail')).toBeVisible();
    await expect(page.getByText(ada.email)).toHaveCount(0);
    await expect(button(page, 'Enable')).toHaveCount(0);
  });
  await browser.close();
});
