// From the printed link to the password alone again, as one person lives it.

import { readFile } from 'node:fs/promises';

import type { BrowserContext } from '@playwright/test';

import { AuthenticatorApp } from '../support/authenticator.ts';
import { expect, picture, test } from '../support/fixtures.ts';
import {
  beginEnabling,
  button,
  dialog,
  enterPassword,
  expectSignedIn,
  field,
  qrCode,
  saveCodes,
  SECURITY,
  shownCodes,
  signIn,
  signInWithCode,
  signOut,
} from '../support/pages.ts';
import { ada } from '../support/twofold.ts';

test.use({ people: { all: [] } });

// F144, F152, F153: codes can be taken away, and every way in works after it.
test('from the printed link to two-factor authentication and back', async ({ page, context, server }) => {
  await test.step('the printed link makes the first user', async () => {
    await page.goto(await server.setupLink());
    await field(page, 'Your name').fill(ada.name);
    await field(page, 'E-mail').fill(ada.email);
    await field(page, 'Account name').fill(ada.account);
    await field(page, 'Password').fill(ada.password);
    await button(page, 'Create account').click();
    await expectSignedIn(page);
  });

  let app!: AuthenticatorApp;
  let codes: string[] = [];
  await test.step('Enable: password, scan, code, recovery codes', async () => {
    const enabling = await beginEnabling(page, ada);
    app = await AuthenticatorApp.scan(qrCode(enabling));
    expect(app.issuer).toBe('Twofold');
    expect(app.label).toContain(ada.email);
    await field(enabling, 'Code').fill(await app.nextCode());
    await button(enabling, 'Turn on').click();
    codes = await shownCodes(enabling);
    expect(new Set(codes).size).toBe(10);
    await picture(page, 'the-whole-story-recovery-codes');

    const downloading = page.waitForEvent('download');
    await button(enabling, 'Download codes').click();
    const download = await downloading;
    expect(download.suggestedFilename()).toMatch(/\.txt$/);
    const text = await readFile(await download.path(), 'utf8');
    await button(enabling, 'Copy codes').click();
    await expect(enabling.getByText('Copied.')).toBeVisible();
    const copied = await pasted(context);
    for (const code of codes) {
      expect(text).toContain(code);
      expect(copied).toContain(code);
    }
    await expect(button(enabling, 'Done')).toBeDisabled();
    await saveCodes(enabling);
    await expect(page.getByText('10 of 10 recovery codes left.')).toBeVisible();
  });

  await test.step('the mail tells of it', async () => {
    const mail = await server.mail((text) => text.includes('Two-factor authentication is on'));
    expect(mail).toContain(`To: ${ada.email}`);
    for (const secret of [app.secret, ...codes]) {
      expect(mail).not.toContain(secret);
    }
  });

  await test.step('sign in with password and code', async () => {
    await signOut(page);
    await signInWithCode(page, ada, await app.nextCode());
    await expectSignedIn(page);
  });

  await test.step('sign in with a recovery code', async () => {
    await signOut(page);
    await enterPassword(page, ada);
    await button(page, 'Use a recovery code').click();
    await field(page, 'Recovery code').fill(codes[3]!);
    await button(page, 'Verify').click();
    await expectSignedIn(page);
    await expect(page.getByText('9 of 10 are left.')).toBeVisible();
  });

  await test.step('Disable with the password; then the password alone signs in', async () => {
    await page.goto(SECURITY);
    await button(page, 'Disable').click();
    const disabling = dialog(page, 'Disable two-factor authentication');
    await field(disabling, 'Password').fill(ada.password);
    await button(disabling, 'Disable two-factor authentication').click();
    await expect(disabling).toBeHidden();
    await expect(button(page, 'Enable')).toBeVisible();
    await signOut(page);
    await signIn(page, ada);
  });

  await test.step('the printed link is over', async () => {
    await page.goto(await server.setupLink());
    await expect(page.getByRole('heading', { name: 'Set-up is finished' })).toBeVisible();
  });

  expect(server.printed()).not.toContain(app.secret);
  expect(server.printed()).not.toContain(ada.password);
});

/** What the clipboard holds, as a person would find out: our pages may not read it. */
async function pasted(context: BrowserContext): Promise<string> {
  const elsewhere = await context.newPage();
  await elsewhere.setContent('<textarea aria-label="notes"></textarea>');
  await elsewhere.getByLabel('notes').press('Control+V');
  const text = await elsewhere.getByLabel('notes').inputValue();
  await elsewhere.close();
  return text;
}
