// Faults that others had in the fields for codes: with password managers, screen readers and what browsers remember.

import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

import type { Locator, Page } from '@playwright/test';

import { expect, test, watched } from '../support/fixtures.ts';
import {
  button,
  complaint,
  enterPassword,
  expectSignedIn,
  field,
  signOut,
  waitsForCode,
} from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

/** What password managers go by: Bitwarden by name, label and `autocomplete`, 1Password by `autocomplete`, KeePassXC by these rules. */
async function fieldsForCodes(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const words = /2fa|2fpin|auth|challenge|code|idvpin|mfa|one_time_password|otp|token|twofa|two-?factor|verification_pin/;
    const isOne = (input: HTMLInputElement) => {
      const isNamed = [input.id, input.name, input.placeholder].some((it) => words.test(it.toLowerCase()));
      const isFit =
        ['number', 'password', 'tel', 'text'].includes(input.type) &&
        input.offsetWidth >= 60 &&
        input.size >= 2 &&
        (input.maxLength < 0 || (input.maxLength >= 6 && input.maxLength <= 8)) &&
        !input.readOnly;
      return input.autocomplete === 'one-time-code' || (isNamed && isFit);
    };
    return Array.from(document.querySelectorAll('input')).filter(isOne).map((input) => input.name);
  });
}

/** As a password manager fills: by script, with the events that typing would bring. */
async function fillByScript(input: Locator, value: string): Promise<void> {
  await input.evaluate((element: HTMLInputElement, text) => {
    const set = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')!.set!;
    element.dispatchEvent(new KeyboardEvent('keydown', { bubbles: true }));
    set.call(element, text);
    element.dispatchEvent(new Event('input', { bubbles: true }));
    element.dispatchEvent(new Event('change', { bubbles: true }));
  }, value);
}

// F123: one field, which password managers find, fill and send.
test('a password manager fills the code into the one field for it', async ({ page }) => {
  const { app } = await waitsForCode(page, ada);
  const code = field(page, 'Code');
  await expect(code).toHaveCount(1);
  expect(await fieldsForCodes(page)).toEqual(['otp']);
  for (const [name, value] of [
    ['type', 'text'],
    ['autocomplete', 'one-time-code'],
    ['inputmode', 'numeric'],
    ['name', 'otp'],
  ] as const) {
    await expect(code).toHaveAttribute(name, value);
  }
  // Longer than six: apps copy codes with blanks.
  await expect(code).not.toHaveAttribute('maxlength');
  await button(page, 'Use a recovery code').click();
  await expect(field(page, 'Recovery code')).toBeVisible();
  expect(await fieldsForCodes(page)).toEqual([]);
  await button(page, 'Use the authenticator app').click();
  await fillByScript(code, await app.nextCode());
  await code.evaluate((element: HTMLInputElement) => element.form!.requestSubmit());
  await expectSignedIn(page);
});

// F123: and so for address and password, which are in one form.
test('a password manager fills address and password and sends them', async ({ page }) => {
  await page.goto('/sign-in');
  const [email, password] = [field(page, 'E-mail'), field(page, 'Password')];
  await expect(email).toHaveAttribute('autocomplete', 'username');
  await expect(password).toHaveAttribute('autocomplete', 'current-password');
  await expect(password).toHaveAttribute('type', 'password');
  await fillByScript(email, ada.email);
  await fillByScript(password, ada.password);
  await password.evaluate((element: HTMLInputElement) => element.form!.requestSubmit());
  await expectSignedIn(page);
});

/** What a profile of Chromium has kept of forms: the values that it would offer, and the state of pages that it would restore. */
async function keptOfForms(profile: string): Promise<Buffer> {
  const folder = path.join(profile, 'Default');
  const sessions = await readdir(path.join(folder, 'Sessions')).catch(() => []);
  const files = ['Web Data', 'Web Data-journal', ...sessions.map((name) => path.join('Sessions', name))];
  const read = files.map((name) => readFile(path.join(folder, name)).catch(() => Buffer.alloc(0)));
  return Buffer.concat(await Promise.all(read));
}

// F124: what was typed into the fields for codes is not offered later, nor restored with the page.
test('the browser remembers no code', async ({ playwright, launchOptions, contextOptions, server, secrets }) => {
  const profile = test.info().outputPath('profile');
  const options = { ...launchOptions, ...contextOptions, baseURL: server.address };
  const context = await playwright.chromium.launchPersistentContext(profile, options);
  const typed: string[] = [];
  await watched(context, server.address, secrets, async () => {
    const page = context.pages()[0]!;
    const { app, codes } = await waitsForCode(page, ada);
    typed.push(await app.nextCode(), codes[0]!, codes[1]!);
    await field(page, 'Code').click();
    await page.keyboard.type(typed[0]!);
    await page.keyboard.press('Enter');
    await expectSignedIn(page);
    await signOut(page);
    await enterPassword(page, ada);
    await button(page, 'Use a recovery code').click();
    await field(page, 'Recovery code').click();
    await page.keyboard.type(typed[1]!);
    await page.keyboard.press('Enter');
    await expectSignedIn(page);
    await page.goto('/nowhere');
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
    // What shows that this browser does remember: a field of another site's kind.
    await page.evaluate(() => {
      document.body.innerHTML = '<form><input name="colour" aria-label="colour"></form>';
    });
    await page.getByLabel('colour').click();
    await page.keyboard.type('ultramarine');
    await page.keyboard.press('Enter');
    await expect(page).toHaveURL(/colour=ultramarine/);
    await expect.poll(async () => (await keptOfForms(profile)).includes('ultramarine')).toBe(true);
  });
  await context.close();
  const kept = await keptOfForms(profile);
  for (const secret of typed) {
    expect(kept.includes(secret), secret).toBe(false);
    expect(kept.includes(Buffer.from(secret, 'utf16le')), secret).toBe(false);
  }
});

// F124: nor does Back bring a code into its field again.
test('Back does not bring back a code', async ({ page }) => {
  const { app } = await waitsForCode(page, ada);
  const wrong = app.wrongCode();
  await field(page, 'Code').click();
  await page.keyboard.type(wrong);
  await page.goto('/forgot-password');
  await expect(field(page, 'E-mail')).toBeVisible();
  await page.goBack();
  await expect(field(page, 'Code')).toHaveValue('');
});

// F125: one labelled field, errors tied to it and announced, nothing sent by itself, no trap for the keyboard.
test('the code is one field that a screen reader can use', async ({ page }) => {
  const { app } = await waitsForCode(page, ada);
  const code = field(page, 'Code');
  await expect(page.getByRole('main').getByRole('textbox')).toHaveCount(1);
  await expect(page.getByRole('textbox', { name: 'Code', exact: true })).toBeFocused();
  await expect(code).toHaveAccessibleDescription('The six digits that your authenticator app shows now.');
  let sent = 0;
  page.on('request', (request) => (sent += Number(request.url().includes('/api/sign-in/'))));
  const wrong = app.wrongCode();
  for (const digit of wrong) {
    await page.keyboard.type(digit);
    await expect(code).toBeFocused();
  }
  await expect(code).toHaveValue(wrong);
  const reached: string[] = [];
  for (let presses = 0; presses < 5; presses += 1) {
    await page.keyboard.press('Tab');
    reached.push(await page.evaluate(() => document.activeElement?.closest('label, button')?.textContent ?? ''));
  }
  expect(reached).toEqual([
    'Trust this browser for 30 days',
    'Verify',
    'Use a recovery code',
    'I have lost both',
    'Start over',
  ]);
  for (let presses = 0; presses < 5; presses += 1) {
    await page.keyboard.press('Shift+Tab');
  }
  await expect(code).toBeFocused();
  expect(sent).toBe(0);
  await page.keyboard.press('Enter');
  await expect(complaint(page)).toHaveText(/^That code didn't match\./);
  expect(sent).toBe(1);
  await expect(code).toHaveAttribute('aria-invalid', 'true');
  await expect(code).toHaveAccessibleDescription(/^That code didn't match\..* The six digits/);
  await expect(code).toBeFocused();
});
